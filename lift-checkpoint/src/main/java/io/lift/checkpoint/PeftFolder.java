package io.lift.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A LoRA adapter in PEFT's format: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}. The tensors are {@code base_model.model.PATH.lora_A.weight} (r, in)
 * and {@code base_model.model.PATH.lora_B.weight} (out, r), where PATH is the layer's path in the
 * published model.
 *
 * @param config rank, scale and layers
 * @param tensors the matrices by full name
 */
public record PeftFolder(PeftConfig config, Map<String, Safetensors.Tensor> tensors) {
  /** Prefix of a layer's path in PEFT. */
  public static final String PREFIX = "base_model.model.";

  public static final String WEIGHTS = "adapter_model.safetensors";

  /**
   * Reads an adapter folder.
   *
   * @throws InvalidModelException if the folder has no supported adapter
   */
  public static PeftFolder read(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidModelException("There is no adapter folder " + folder + ".");
    }
    PeftConfig config = PeftConfig.read(PeftConfig.FILE, bytes(folder, PeftConfig.FILE));
    try {
      return new PeftFolder(config, Safetensors.read(WEIGHTS, bytes(folder, WEIGHTS)).tensors());
    } catch (Safetensors.Invalid e) {
      throw new InvalidModelException(e.getMessage());
    }
  }

  private static byte[] bytes(Path folder, String file) {
    try {
      return Files.readAllBytes(folder.resolve(file));
    } catch (IOException e) {
      throw new InvalidModelException(
          "The adapter folder " + folder + " has no readable " + file + ".");
    }
  }

  /** Writes both files. Creates the folder if needed. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(PeftConfig.FILE), config.toJson());
    Safetensors file = new Safetensors(Map.of("format", "pt"), new LinkedHashMap<>(tensors));
    Files.write(folder.resolve(WEIGHTS), file.toBytes());
  }
}
