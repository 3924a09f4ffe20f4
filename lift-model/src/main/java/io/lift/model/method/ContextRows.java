package io.lift.model.method;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.core.prompt.Example;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.PromptCells;
import io.lift.core.task.ContextPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The labelled rows from which the context of a prompt is chosen (in-context learning). A
 * checkpoint carries them, so that inference has the rows of training. Immutable and thread-safe.
 */
public final class ContextRows {
  /** Most rows to choose from. */
  public static final int MAX_ROWS = 1000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper(JSON);

  private final ContextPolicy policy;
  private final long seed;
  private final List<Example> rows;
  private final NearestNeighbours neighbours; // null for random rows
  private final int[] sample; // null for nearest rows

  /**
   * @param task the task of the rows
   * @param seed seed of the random sample
   * @param rows oldest first, {@value #MAX_ROWS} at most
   */
  public ContextRows(TaskSpec task, ContextPolicy policy, long seed, List<Example> rows) {
    this.policy = policy;
    this.seed = seed;
    this.rows = List.copyOf(rows);
    boolean nearest = policy.pick() == ContextPolicy.Pick.NEAREST;
    this.neighbours =
        nearest
            ? new NearestNeighbours(
                new PromptCells(task), this.rows.stream().map(Example::prompt).toList())
            : null;
    this.sample = nearest ? null : draw(-1, new SeededRandom(seed, RandomStream.CONTEXT));
  }

  /** A query prompt with its context. */
  public Prompt withContext(Prompt query) {
    return query.withContext(examples(select(query)));
  }

  /** The indices of the context rows of a query, in the order of the prompt. */
  public int[] select(Prompt query) {
    return neighbours == null ? sample : nearest(query, -1);
  }

  /** The indices of the context rows of every query; null if each query has its own. */
  public int[] sharedSample() {
    return sample;
  }

  /**
   * A training prompt with its context, which never contains the row itself.
   *
   * @param own index of the row among these rows; negative if it is not among them
   * @param random draws a random context
   */
  public Prompt trainingPrompt(Prompt prompt, int own, SeededRandom random) {
    return prompt.withContext(
        examples(neighbours == null ? draw(own, random) : nearest(prompt, own)));
  }

  /** The rows to choose from, oldest first. */
  public List<Example> rows() {
    return rows;
  }

  private List<Example> examples(int[] indices) {
    return Arrays.stream(indices).mapToObj(rows::get).toList();
  }

  private int[] nearest(Prompt query, int own) {
    int[] nearestFirst = neighbours.nearest(query, policy.rows(), own);
    int[] nearestLast = new int[nearestFirst.length];
    for (int i = 0; i < nearestLast.length; i++) {
      nearestLast[i] = nearestFirst[nearestLast.length - 1 - i];
    }
    return nearestLast;
  }

  private int[] draw(int own, SeededRandom random) {
    return Arrays.stream(random.permutation(rows.size()))
        .filter(row -> row != own)
        .limit(policy.rows())
        .toArray();
  }

  /** The JSON that a checkpoint carries. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("pick", policy.pick().name());
      json.writeNumberField("count", policy.rows());
      json.writeNumberField("seed", seed);
      json.writeArrayFieldStart("rows");
      for (Example row : rows) {
        json.writeStartArray();
        json.writeString(row.prompt().text());
        json.writeArray(row.prompt().grid(), 0, row.prompt().grid().length);
        json.writeString(row.completion());
        json.writeEndArray();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return text.toString();
  }

  /**
   * Reads the JSON of a checkpoint.
   *
   * @throws InvalidCheckpointException if {@link #toJson} did not write it
   */
  public static ContextRows ofJson(TaskSpec task, String json) {
    try {
      JsonNode read = MAPPER.readTree(json);
      ContextPolicy.Pick pick = ContextPolicy.Pick.valueOf(read.path("pick").asText());
      int count = read.path("count").asInt();
      List<Example> rows = new ArrayList<>();
      for (JsonNode row : read.path("rows")) {
        int[] grid = new int[row.path(1).size()];
        Arrays.setAll(grid, i -> row.path(1).path(i).asInt(-1));
        String prompt = row.path(0).asText();
        check(!prompt.isEmpty() && spans(grid, prompt.length()) && row.path(2).isTextual());
        rows.add(new Example(new Prompt(prompt, grid), row.path(2).asText()));
      }
      check(count >= 1 && count <= ContextPolicy.MAX_ROWS && rows.size() <= MAX_ROWS);
      return new ContextRows(
          task, new ContextPolicy(pick, count), read.path("seed").asLong(), rows);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidCheckpointException("The rows in context of the checkpoint cannot be read.");
    }
  }

  private static boolean spans(int[] grid, int length) {
    int last = 0;
    for (int offset : grid) {
      if (offset < last || offset > length) {
        return false;
      }
      last = offset;
    }
    return grid.length % 2 == 0;
  }

  private static void check(boolean valid) {
    if (!valid) {
      throw new IllegalArgumentException("damaged");
    }
  }
}
