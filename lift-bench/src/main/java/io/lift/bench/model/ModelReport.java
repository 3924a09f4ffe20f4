package io.lift.bench.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.bench.measure.PairedTrials;
import io.lift.cli.base.CliException;
import io.lift.model.BaseModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The results of {@code lift bench model} as JSON: for each model the kernel that Python ran with,
 * and for each comparison the medians, the median ratio and all trials.
 */
final class ModelReport {
  private static final JsonMapper JSON = new JsonMapper();

  private final ObjectNode root = JSON.createObjectNode();
  private final ArrayNode models = root.putArray("models");
  private ObjectNode model;

  /**
   * Starts the results of one model.
   *
   * @param peak GFLOP/s of a large product in our engine
   */
  void begin(BaseModel base, ModelTrial ours, int threads, OpenBlasKernel kernel, double peak) {
    model = models.addObject();
    model.put("name", base.name());
    model.put("parameters", base.parameters());
    model.put("tokens_per_row", ours.tokensPerRow());
    model.put("threads", threads);
    model.put("gigaflops", peak);
    model.put("peer_kernel", kernel.title());
    ObjectNode speeds = model.putObject("peer_gigaflops");
    kernel.gigaflops().forEach((set, speed) -> speeds.put(set.isEmpty() ? "unset" : set, speed));
    model.putArray("comparisons");
  }

  void add(String name, PairedTrials trials) {
    ObjectNode one = ((ArrayNode) model.get("comparisons")).addObject();
    one.put("name", name);
    one.put("unit", trials.unit());
    one.put("lift", trials.medianOfOurs());
    one.put("peer", trials.medianOfPeer());
    one.put("ratio", trials.ratio());
    one.set("trials", JSON.valueToTree(trials.trials()));
  }

  /**
   * @param neighbours busy threads of other processes
   */
  void write(Path file, int neighbours) {
    root.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    root.put("processors", Runtime.getRuntime().availableProcessors());
    root.put("neighbours", neighbours);
    for (String variable : List.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")) {
      String value = System.getenv(variable);
      root.put(variable, value == null ? "unset" : value);
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new CliException(e, "Cannot write " + file + ".");
    }
  }
}
