package io.lift.cli.stack;

import io.lift.checkpoint.ModelFolder;
import io.lift.cli.base.CliException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** The base model and further settings of a stack's services. */
public final class ServiceOptions {
  private static final String MODEL = "lift.model.path";

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "Folder of a published model to fine-tune, or minilm for the encoder that comes with"
              + " Lift; default: the embedded model.")
  private String model;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of the services, e.g. lift.trainer.lora.rank=8; may be repeated.")
  private Map<String, String> settings = Map.of();

  /**
   * @throws CliException if there is no such model
   */
  public Map<String, String> settings() {
    Map<String, String> all = new TreeMap<>(settings);
    if (ModelFolder.MINILM.equals(model)) {
      all.put(MODEL, model);
    } else if (model != null) {
      Path folder = Path.of(model);
      if (!Files.isDirectory(folder)) {
        throw new CliException("There is no model folder %s.", model);
      }
      all.put(MODEL, folder.toAbsolutePath().normalize().toString());
    }
    return all;
  }
}
