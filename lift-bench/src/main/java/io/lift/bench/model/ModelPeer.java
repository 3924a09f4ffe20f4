package io.lift.bench.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.cli.base.CliException;
import io.lift.model.text.Sequence;
import io.lift.model.training.TrainingRecipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The same model in Python's PyTorch, as a process that trains and scores on request. */
final class ModelPeer implements AutoCloseable {
  private static final String SCRIPT = "model_peer.py";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final PrintStream requests;
  private final BufferedReader answers;

  /**
   * What it answers.
   *
   * @param speed tokens or rows per second
   * @param check a loss or a probability, to compare
   */
  record Answer(double speed, double check) {}

  /** Whether a Python has torch. */
  static boolean exists(Path python) throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder(python.toString(), "-c", "import torch")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Starts it.
   *
   * @param folder the model, and {@link #writeRows rows}
   * @param adapter a PEFT folder, or null to train all weights
   * @param kernel what it multiplies matrices with
   * @param lean whether logits are computed only where there is a loss
   */
  ModelPeer(
      Path python, OpenBlasKernel kernel, Path folder, Path adapter, int threads, boolean lean)
      throws IOException {
    Path script = folder.resolve(SCRIPT);
    try (InputStream in = ModelPeer.class.getResourceAsStream(SCRIPT)) {
      Files.write(script, in.readAllBytes());
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                python.toString(),
                script.toString(),
                folder.toString(),
                Integer.toString(threads)));
    if (adapter != null) {
      command.add(adapter.toString());
    }
    ProcessBuilder builder = PythonProcess.of(command);
    kernel.use(builder.environment());
    builder.environment().put("LEAN", lean ? "1" : "0");
    process = builder.start();
    requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** GFLOP/s of a large product. */
  double peak() throws IOException {
    return request("peak").speed();
  }

  /** Tokens per second of further steps, and the last loss. */
  Answer train(int steps) throws IOException {
    return request("train " + steps);
  }

  /** Rows per second, and the first candidate's probability for the first row. */
  Answer score() throws IOException {
    return request("score");
  }

  /** The same, where each prompt's keys and values are computed once for all candidates. */
  Answer scoreCached() throws IOException {
    return request("score-cached");
  }

  private Answer request(String what) throws IOException {
    requests.println(what);
    String line = answers.readLine();
    if (line == null) {
      throw new CliException("Python ended early; see its message above.");
    }
    String[] numbers = line.split(" ");
    return new Answer(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
  }

  /** Writes what it trains on and scores, beside a model. */
  static void writeRows(
      Path folder,
      List<Sequence[]> batches,
      List<int[]> prompts,
      List<int[]> candidates,
      TrainingRecipe recipe,
      double rate)
      throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode numbers = root.putObject("recipe");
    numbers.put("rate", rate).put("weightDecay", recipe.optimizer().weightDecay());
    numbers.put("beta1", recipe.optimizer().beta1()).put("beta2", recipe.optimizer().beta2());
    numbers.put("epsilon", recipe.optimizer().epsilon()).put("clip", recipe.optimizer().clip());
    numbers.put("smoothing", recipe.smoothing()).put("perToken", recipe.perToken());
    ArrayNode all = root.putArray("batches");
    for (Sequence[] batch : batches) {
      ArrayNode rows = all.addArray();
      for (Sequence row : batch) {
        ArrayNode pair = rows.addArray();
        Arrays.stream(row.ids()).forEach(pair.addArray()::add);
        pair.add(row.completion());
      }
    }
    ArrayNode allPrompts = root.putArray("prompts");
    prompts.forEach(prompt -> allPrompts.add(JSON.valueToTree(prompt)));
    ArrayNode answers = root.putArray("candidates");
    candidates.forEach(candidate -> answers.add(JSON.valueToTree(candidate)));
    Files.write(folder.resolve("rows.json"), JSON.writeValueAsBytes(root));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
