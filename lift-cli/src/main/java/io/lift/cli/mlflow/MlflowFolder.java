package io.lift.cli.mlflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lift.checkpoint.CheckpointExport;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes a checkpoint as a model folder of MLflow: {@code MLmodel} with a signature, its
 * environments, the weights, and a pyfunc that asks a running Lift. MLflow cannot compute Lift's
 * answers from the weights, since they are mixtures with labelled rows that only Lift holds.
 */
public final class MlflowFolder {
  /** The version of MLflow whose layout this is. */
  static final String VERSION = "2.11.0";

  private static final String PYTHON = "3.11";
  private static final List<String> PACKAGES = List.of("mlflow>=2.11", "pandas");
  private static final String LOADER = "lift_model";
  private static final String CODE = "code";
  private static final String DATA = "data";
  private static final String WEIGHTS = "weights";
  private static final String CONDA = "conda.yaml";
  private static final String PYTHON_ENV = "python_env.yaml";
  private static final String REQUIREMENTS = "requirements.txt";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final YAMLMapper YAML =
      new YAMLMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  private final TaskSpec task;
  private final CheckpointManifest manifest;
  private final String url;

  /**
   * @param manifest of the checkpoint
   * @param url the address of the inference service; null where the environment says it later
   */
  public MlflowFolder(TaskSpec task, CheckpointManifest manifest, String url) {
    this.task = task;
    this.manifest = manifest;
    this.url = url;
  }

  /**
   * Writes the folder, which is made if it does not exist.
   *
   * @param checkpoint the file as it is on Kafka
   * @return what was written
   * @throws io.lift.checkpoint.InvalidCheckpointException if the file is damaged or cannot be
   *     exported
   */
  public List<Path> write(byte[] checkpoint, Path folder) throws IOException {
    Path data = Files.createDirectories(folder.resolve(DATA));
    List<Path> written = new ArrayList<>(CheckpointExport.write(checkpoint, data.resolve(WEIGHTS)));
    Path code = Files.createDirectories(folder.resolve(CODE));
    written.add(text(code.resolve(LOADER + ".py"), loader()));
    written.add(text(data.resolve("lift.json"), JSON.writeValueAsString(settings()) + "\n"));
    written.add(text(folder.resolve(REQUIREMENTS), String.join("\n", PACKAGES) + "\n"));
    written.add(yaml(folder.resolve(PYTHON_ENV), pythonEnvironment()));
    written.add(yaml(folder.resolve(CONDA), condaEnvironment()));
    written.add(yaml(folder.resolve("MLmodel"), model()));
    return written;
  }

  private static Path text(Path file, String text) throws IOException {
    return Files.writeString(file, text);
  }

  private static Path yaml(Path file, Map<String, Object> contents) throws IOException {
    return text(file, YAML.writeValueAsString(contents));
  }

  private static String loader() throws IOException {
    try (InputStream file = MlflowFolder.class.getResourceAsStream(LOADER + ".py")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("task", task.name());
    settings.put("checkpoint", manifest.version());
    if (url != null) {
      settings.put("url", url);
    }
    return settings;
  }

  private Map<String, Object> model() throws IOException {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("code", CODE);
    function.put("data", DATA);
    function.put("env", ordered("conda", CONDA, "virtualenv", PYTHON_ENV));
    function.put("loader_module", LOADER);
    function.put("python_version", PYTHON);
    Map<String, Object> lift = new LinkedHashMap<>();
    lift.put("task", task.name());
    lift.put("checkpoint", manifest.version());
    lift.put("sha256", manifest.sha256());
    lift.put("base_model", manifest.baseModel());
    lift.put("rows", manifest.rows());
    lift.put("weights", DATA + "/" + WEIGHTS);
    ModelSignature signature = ModelSignature.of(task);
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("flavors", ordered("python_function", function, "lift", lift));
    model.put("mlflow_version", VERSION);
    model.put("model_uuid", uuid());
    model.put(
        "signature",
        ordered(
            "inputs",
            JSON.writeValueAsString(signature.inputs()),
            "outputs",
            JSON.writeValueAsString(signature.outputs())));
    model.put("utc_time_created", TIME.format(Instant.ofEpochMilli(manifest.createdAt())));
    return model;
  }

  /** The same checkpoint has the same one. */
  private String uuid() {
    String name = task.name() + "/" + manifest.version() + "/" + manifest.sha256();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }

  private static Map<String, Object> pythonEnvironment() {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("python", PYTHON);
    environment.put("build_dependencies", List.of("pip", "setuptools", "wheel"));
    environment.put("dependencies", List.of("-r " + REQUIREMENTS));
    return environment;
  }

  private Map<String, Object> condaEnvironment() {
    Map<String, Object> environment = new LinkedHashMap<>();
    environment.put("name", "lift-" + task.name());
    environment.put("channels", List.of("conda-forge"));
    environment.put("dependencies", List.of("python=" + PYTHON, "pip", Map.of("pip", PACKAGES)));
    return environment;
  }

  private static Map<String, Object> ordered(
      String first, Object one, String second, Object other) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(first, one);
    map.put(second, other);
    return map;
  }
}
