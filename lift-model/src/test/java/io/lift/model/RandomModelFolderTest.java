package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.checkpoint.ModelFolder;
import io.lift.model.text.PublishedTokenizer;
import io.lift.testing.RandomModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link RandomModelFolder} writes can be opened as a published model. */
class RandomModelFolderTest {
  @TempDir private Path folder;

  @Test
  void aRandomModelIsLaidOutLikeAPublishedOne() throws Exception {
    RandomModelFolder.Size size = new RandomModelFolder.Size("llama", 2000, 48, 2, 6, 2, 64);
    RandomModelFolder.write(folder.resolve("a"), size, 3, 1);
    RandomModelFolder.write(folder.resolve("b"), size, 3, 1);
    RandomModelFolder.write(folder.resolve("c"), size, 3, 2);

    assertThat(folder.resolve("a/model-00003-of-00003.safetensors")).isNotEmptyFile();
    assertThat(folder.resolve("a/model.safetensors.index.json")).isNotEmptyFile();
    try (BaseModel a = BaseModel.open(folder.resolve("a").toString(), "cpu");
        BaseModel b = BaseModel.open(folder.resolve("b").toString(), "cpu");
        BaseModel c = BaseModel.open(folder.resolve("c").toString(), "cpu")) {
      // embedding, two layers of (q, k and v, o, gate up down, two norms), last norm; the head is
      // tied
      long layer = 48 * 48 + 2 * 16 * 48 + 48 * 48 + 3 * 64 * 48 + 2 * 48;
      assertThat(a.parameters()).isEqualTo(2000 * 48 + 2 * layer + 48);
      assertThat(a.hash()).isEqualTo(b.hash()).isNotEqualTo(c.hash());
    }
  }

  @Test
  void theTokenizerHasTheRequestedNumberOfTokens() throws Exception {
    RandomModelFolder.Size size = new RandomModelFolder.Size("gpt2", 32_768, 6, 1, 1, 1, 24);
    RandomModelFolder.write(folder, size, 1, 1);
    byte[] json = Files.readAllBytes(folder.resolve(ModelFolder.TOKENIZER));
    try (PublishedTokenizer tokenizer = PublishedTokenizer.read("tokenizer.json", json)) {
      assertThat(tokenizer.size()).isEqualTo(32_768);
      int[] ids = tokenizer.start("the 42 cats, ü");
      assertThat(tokenizer.decode(ids)).isEqualTo("the 42 cats, ü");
      assertThat(ids).hasSizeLessThan(11); // of 15 bytes
    }
  }
}
