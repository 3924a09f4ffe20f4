package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidModelException;
import io.lift.model.embedded.EmbeddedModelRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseModelTest {
  @TempDir private Path folder;

  @Test
  void theEmbeddedModelIsMadeByItsRecipe() throws IOException {
    EmbeddedModelRecipe.main(new String[] {folder.toString()});
    try (BaseModel embedded = BaseModel.open(null, "cpu");
        BaseModel made = BaseModel.open(folder.toString(), "cpu")) {
      assertThat(made.hash()).isEqualTo(embedded.hash()).hasSize(64);
      assertThat(embedded.name()).isEqualTo("embedded");
      assertThat(embedded.device()).isEqualTo("cpu");
      assertThat(embedded.parameters()).isEqualTo(128_320);
    }
  }

  @Test
  void aChangedFileChangesTheHash() throws IOException {
    EmbeddedModelRecipe.main(new String[] {folder.toString()});
    Path weights = folder.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    try (BaseModel embedded = BaseModel.open(null, "cpu");
        BaseModel changed = BaseModel.open(folder.toString(), "cpu")) {
      assertThat(changed.hash()).isNotEqualTo(embedded.hash());
    }
  }

  @Test
  void aFolderThatCannotBeOpenedIsReportedInOneSentence() throws IOException {
    assertSentence("/no/such/folder", "cpu", "There is no model folder /no/such/folder.");
    assertSentence(null, "tpu", "Unknown device tpu: use auto, cpu, gpu or gpu:N.");
    assertSentence(null, "gpu:99", "Device gpu:99 is not available");
    assertSentence(folder.toString(), "cpu", "has no readable config.json.");
    EmbeddedModelRecipe.main(new String[] {folder.toString()});

    edit("config.json", "\"llama\"", "\"mamba\"");
    assertSentence(folder.toString(), "cpu", "config.json has model_type mamba");
    edit("config.json", "\"mamba\"", "\"llama\"");
    edit("config.json", "\"hidden_size\" : 64", "\"hidden_size\" : 32");
    assertSentence(folder.toString(), "cpu", "model.safetensors lacks tensor model.embed_tokens");
    edit("config.json", "\"hidden_size\" : 32", "\"hidden_size\" : 64");
    edit("config.json", "\"vocab_size\" : 360", "\"vocab_size\" : 361");
    assertSentence(folder.toString(), "cpu", "tokenizer.json has 360 tokens");
    edit("config.json", "\"vocab_size\" : 361", "\"vocab_size\" : 360");
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\"}}");
    assertSentence(folder.toString(), "cpu", "tokenizer.json is not a tokenizer");
  }

  @Test
  void anUnsupportedTypeIsRejected() {
    assertThatThrownBy(() -> BaseModel.open(null, "cpu", "bf16").close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("Type bf16 is not supported: use auto, f32 or f16.");
    assertThatThrownBy(() -> BaseModel.open(null, "cpu", "int4").close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessage("Unknown type int4: use auto, f32 or f16.");
  }

  private void edit(String file, String from, String to) throws IOException {
    String text = Files.readString(folder.resolve(file));
    assertThat(text).contains(from);
    Files.writeString(folder.resolve(file), text.replace(from, to));
  }

  private static void assertSentence(String path, String device, String message) {
    assertThatThrownBy(() -> BaseModel.open(path, device).close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining(message)
        .hasMessageEndingWith(".");
  }
}
