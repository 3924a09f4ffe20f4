package io.lift.cli.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.lift.checkpoint.CheckpointFormat;
import io.lift.checkpoint.CheckpointNames;
import io.lift.checkpoint.PeftFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.core.task.CalibrationPolicy;
import io.lift.core.task.TaskSpec;
import io.lift.messages.CheckpointManifest;
import io.lift.testing.Loans;
import io.lift.testing.SampleMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowFolderTest {
  private static final String LAYER = "base_model.model.model.layers.0.self_attn.q_proj";

  @TempDir private Path folder;
  private final YAMLMapper yaml = new YAMLMapper();

  /** An adapter of one layer. */
  private static byte[] checkpoint() {
    Map<String, String> metadata = new HashMap<>();
    CheckpointFormat.write(metadata);
    metadata.put(
        CheckpointNames.ADAPTER,
        "{\"peft_type\":\"LORA\",\"r\":1,\"lora_alpha\":2,\"target_modules\":[\"q_proj\"]}");
    return new Safetensors(
            metadata,
            Map.of(
                LAYER + ".lora_A.weight", new Safetensors.Tensor(new long[] {1, 2}, new float[2]),
                LAYER + ".lora_B.weight", new Safetensors.Tensor(new long[] {2, 1}, new float[2])))
        .toBytes();
  }

  private List<Path> write(TaskSpec task, String url) throws IOException {
    CheckpointManifest manifest = SampleMessages.manifest(task.name(), 3);
    return new MlflowFolder(task, manifest, url).write(checkpoint(), folder);
  }

  private JsonNode yaml(String file) throws IOException {
    return yaml.readTree(folder.resolve(file).toFile());
  }

  private JsonNode columns(String which) throws IOException {
    String text = yaml("MLmodel").path("signature").path(which).asText();
    return new ObjectMapper().readTree(text);
  }

  @Test
  void theModelFileHasTheKeysThatMlflowNeedsAndNamesFilesThatAreThere() throws IOException {
    List<Path> written = write(Loans.approvals("loans"), null);

    JsonNode model = yaml("MLmodel");
    JsonNode function = model.path("flavors").path("python_function");
    assertThat(function.path("loader_module").asText()).isEqualTo("lift_model");
    String code = function.path("code").asText();
    String data = function.path("data").asText();
    assertThat(folder.resolve(code).resolve("lift_model.py")).isRegularFile();
    assertThat(folder.resolve(data).resolve("lift.json")).isRegularFile();
    assertThat(folder.resolve(function.at("/env/conda").asText())).isRegularFile();
    assertThat(folder.resolve(function.at("/env/virtualenv").asText())).isRegularFile();
    assertThat(function.path("python_version").isTextual()).isTrue();
    assertThat(function.path("python_version").asText()).isEqualTo("3.11");
    assertThat(model.path("mlflow_version").asText()).isEqualTo("2.11.0");
    assertThat(model.path("model_uuid").asText()).matches("[0-9a-f]{32}");
    assertThat(model.path("utc_time_created").isTextual()).isTrue();
    assertThat(model.path("utc_time_created").asText())
        .matches(Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\\.[0-9]{6}"));
    JsonNode lift = model.path("flavors").path("lift");
    assertThat(lift.path("task").asText()).isEqualTo("loans");
    assertThat(lift.path("checkpoint").asLong()).isEqualTo(3);
    PeftFolder weights = PeftFolder.read(folder.resolve(lift.path("weights").asText()));
    assertThat(weights.tensors()).containsKey(LAYER + ".lora_A.weight");
    List<Path> there = new ArrayList<>();
    try (var files = Files.walk(folder)) {
      files.filter(Files::isRegularFile).forEach(there::add);
    }
    assertThat(written).containsExactlyInAnyOrderElementsOf(there);
  }

  @Test
  void theSignatureHasTheFieldsOfARowAndWhatAnAnswerHas() throws IOException {
    write(
        Loans.approvals("loans").toBuilder().calibration(new CalibrationPolicy(0.9, 0.6)).build(),
        null);
    assertThat(columns("inputs").toString())
        .isEqualTo(
            "[{\"type\":\"double\",\"name\":\"age\",\"required\":false},"
                + "{\"type\":\"string\",\"name\":\"car\",\"required\":false}]");
    assertThat(columns("outputs").toString())
        .isEqualTo(
            "[{\"type\":\"string\",\"name\":\"answer\"},{\"type\":\"double\",\"name\":\"probability\"},"
                + "{\"type\":\"boolean\",\"name\":\"abstained\"},"
                + "{\"type\":\"long\",\"name\":\"checkpoint\"}]");
    write(Loans.prices("prices"), null);
    assertThat(columns("outputs").findValuesAsText("name"))
        .containsExactly("answer", "lower", "upper", "checkpoint");
    assertThat(columns("outputs").get(0).path("type").asText()).isEqualTo("double");
  }

  @Test
  void theEnvironmentsNameTheSamePackages() throws IOException {
    write(Loans.approvals("loans"), null);
    List<String> packages = Files.readAllLines(folder.resolve("requirements.txt"));
    assertThat(packages).containsExactly("mlflow>=2.11", "pandas");
    JsonNode python = yaml("python_env.yaml");
    assertThat(python.path("python").isTextual()).isTrue();
    assertThat(python.path("dependencies").get(0).asText()).isEqualTo("-r requirements.txt");
    JsonNode conda = yaml("conda.yaml");
    assertThat(conda.at("/dependencies/0").asText())
        .isEqualTo("python=" + python.path("python").asText());
    List<String> pip = new ArrayList<>();
    conda.at("/dependencies/2/pip").forEach(name -> pip.add(name.asText()));
    assertThat(pip).isEqualTo(packages);
  }

  @Test
  void theSameCheckpointHasTheSameIdAndTheAddressIsWrittenIfItIsKnown() throws IOException {
    write(Loans.approvals("loans"), "http://lift:8083");
    String id = yaml("MLmodel").path("model_uuid").asText();
    JsonNode settings = new ObjectMapper().readTree(folder.resolve("data/lift.json").toFile());
    assertThat(settings.path("url").asText()).isEqualTo("http://lift:8083");
    write(Loans.approvals("loans"), null);
    assertThat(yaml("MLmodel").path("model_uuid").asText()).isEqualTo(id);
    assertThat(new ObjectMapper().readTree(folder.resolve("data/lift.json").toFile()).has("url"))
        .isFalse();
    write(Loans.approvals("others"), null);
    assertThat(yaml("MLmodel").path("model_uuid").asText()).isNotEqualTo(id);
  }
}
