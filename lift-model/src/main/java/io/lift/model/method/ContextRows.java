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
 * Labelled rows that a task's prompts are read after (in-context learning). A checkpoint carries
 * them, so that whoever answers has the rows that it was trained with. Immutable and thread-safe.
 */
public final class ContextRows {
  /** Rows kept at most. */
  public static final int KEPT = 1000;

  private static final JsonFactory JSON = new JsonFactory();
  private static final ObjectMapper MAPPER = new ObjectMapper(JSON);

  private final ContextPolicy policy;
  private final long seed;
  private final List<Example> rows;
  private final NearestNeighbours alikeness; // null for random rows
  private final int[] drawn; // null for the nearest

  /**
   * @param task whose sentences the rows are
   * @param seed draws the rows that every prompt is answered after
   * @param rows oldest first, {@value #KEPT} at most
   */
  public ContextRows(TaskSpec task, ContextPolicy policy, long seed, List<Example> rows) {
    this.policy = policy;
    this.seed = seed;
    this.rows = List.copyOf(rows);
    boolean nearest = policy.pick() == ContextPolicy.Pick.NEAREST;
    this.alikeness =
        nearest
            ? new NearestNeighbours(
                new PromptCells(task), this.rows.stream().map(Example::prompt).toList())
            : null;
    this.drawn = nearest ? null : draw(-1, new SeededRandom(seed, RandomStream.CONTEXT));
  }

  /** A prompt to be answered, after its context. */
  public Prompt ask(Prompt asked) {
    return asked.after(examples(picked(asked)));
  }

  /** The places of the rows that stand before a prompt, the one beside it last. */
  public int[] picked(Prompt asked) {
    return alikeness == null ? drawn : nearest(asked, -1);
  }

  /** The places of the rows that stand before every prompt; null if each prompt has its own. */
  public int[] drawn() {
    return drawn;
  }

  /**
   * A row to be learnt, after its context: never itself.
   *
   * @param own its place among the rows, oldest first; below 0 if it is not among them
   * @param random draws the rows where none is nearer than another
   */
  public Prompt learn(Prompt read, int own, SeededRandom random) {
    return read.after(examples(alikeness == null ? draw(own, random) : nearest(read, own)));
  }

  /** All rows there are to choose from, oldest first. */
  public List<Example> rows() {
    return rows;
  }

  private List<Example> examples(int[] places) {
    return Arrays.stream(places).mapToObj(rows::get).toList();
  }

  private int[] nearest(Prompt asked, int own) {
    int[] nearestFirst = alikeness.nearest(asked, policy.rows(), own);
    int[] places = new int[nearestFirst.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = nearestFirst[places.length - 1 - i];
    }
    return places;
  }

  private int[] draw(int own, SeededRandom random) {
    return Arrays.stream(random.permutation(rows.size()))
        .filter(row -> row != own)
        .limit(policy.rows())
        .toArray();
  }

  /** As a checkpoint carries it. */
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
   * As a checkpoint has carried it.
   *
   * @throws InvalidCheckpointException if it is not what {@link #toJson} writes
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
      check(count >= 1 && count <= ContextPolicy.MAX_ROWS && rows.size() <= KEPT);
      return new ContextRows(
          task, new ContextPolicy(pick, count), read.path("seed").asLong(), rows);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidCheckpointException("the checkpoint's rows in context cannot be read.");
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

  private static void check(boolean sound) {
    if (!sound) {
      throw new IllegalArgumentException("damaged");
    }
  }
}
