package io.lift.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a checkpoint's weights in the formats that others read: adapters as PEFT folders, a model
 * that was trained whole as {@code config.json} and {@code model.safetensors}, in a folder per
 * member where there are several. The optimizer's state is left out.
 */
public final class CheckpointExport {
  private static final String TABLE = "embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  /** So many tokens, the first ones, have a row in the head. */
  private static final String ANSWERS = "answer_size";

  private static final ObjectMapper JSON = new ObjectMapper();

  private CheckpointExport() {}

  /**
   * Writes the files; folders are made where they do not exist.
   *
   * @param checkpoint the file as it is on Kafka
   * @return what was written
   * @throws InvalidCheckpointException if the file is damaged, of another format, or was trained
   *     whole from another model than the embedded one
   */
  public static List<Path> write(byte[] checkpoint, Path folder) throws IOException {
    Safetensors file = CheckpointFormat.read(checkpoint);
    String adapter = file.metadata().get(CheckpointNames.ADAPTER);
    return adapter != null
        ? adapter(file, adapter.getBytes(StandardCharsets.UTF_8), folder)
        : whole(file, folder);
  }

  private static List<Path> adapter(Safetensors file, byte[] config, Path folder)
      throws IOException {
    int members = members(file);
    List<Path> written = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      String prefix = members == 1 ? "" : CheckpointNames.member(m);
      Map<String, Safetensors.Tensor> matrices = new LinkedHashMap<>();
      file.tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(prefix + PeftFolder.PREFIX)) {
                  matrices.put(name.substring(prefix.length()), tensor);
                }
              });
      Path own = own(folder, members, m);
      new PeftFolder(PeftConfig.read(CheckpointNames.ADAPTER, config), matrices).write(own);
      written.add(own.resolve(PeftConfig.FILE));
      written.add(own.resolve(PeftFolder.WEIGHTS));
    }
    return written;
  }

  private static int members(Safetensors file) {
    return Integer.parseInt(file.metadata().getOrDefault(CheckpointNames.MEMBERS, "1"));
  }

  private static Path own(Path folder, int members, int member) throws IOException {
    return Files.createDirectories(members == 1 ? folder : folder.resolve("member-" + member));
  }

  private static List<Path> whole(Safetensors file, Path folder) throws IOException {
    ObjectNode config = embeddedConfig(file.metadata().get(CheckpointNames.BASE));
    int members = members(file);
    List<Path> written = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      Map<String, Safetensors.Tensor> weights = new LinkedHashMap<>();
      String prefix = CheckpointNames.member(m);
      file.tensors()
          .forEach(
              (name, tensor) -> {
                if (name.startsWith(prefix)) {
                  weights.put(name.substring(prefix.length()), tensor);
                }
              });
      // the task has tokens of its own behind those of the base
      weights.forEach(
          (name, tensor) -> {
            if (name.endsWith(TABLE)) {
              config.put("vocab_size", tensor.shape()[0]);
            } else if (name.equals(HEAD)) {
              config.put(ANSWERS, tensor.shape()[0]);
            }
          });
      Path own = own(folder, members, m);
      written.add(
          Files.writeString(
              own.resolve(ModelFolder.CONFIG),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config) + "\n"));
      written.add(
          Files.write(
              own.resolve(ModelFolder.WEIGHTS),
              new Safetensors(Map.of("format", "pt"), weights).toBytes()));
    }
    return written;
  }

  private static ObjectNode embeddedConfig(String base) throws IOException {
    byte[] config = EmbeddedModelFiles.read(ModelFolder.CONFIG);
    String hash =
        ModelFolder.hash(
            config,
            EmbeddedModelFiles.read(ModelFolder.TOKENIZER),
            EmbeddedModelFiles.read(ModelFolder.WEIGHTS));
    JsonNode tree = JSON.readTree(config);
    if (!hash.equals(base) || !tree.isObject()) {
      throw new InvalidCheckpointException(
          "the checkpoint was trained whole from another base than the embedded model of this"
              + " version.");
    }
    return (ObjectNode) tree;
  }
}
