package io.lift.model.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorType;
import io.lift.model.BaseModel;
import io.lift.model.text.PublishedTokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void numbersAreRoundedToTheNearestOfTheirType() throws Exception {
    RandomModelFolder.Size size = new RandomModelFolder.Size("gpt2", 300, 24, 1, 3, 3, 96);
    float[][] read = new float[3][];
    for (TensorType type : new TensorType[] {TensorType.F32, TensorType.F16, TensorType.BF16}) {
      Path each = folder.resolve(type.name());
      RandomModelFolder.write(each, size, type, 1, 7);
      try (ModelFolder opened = ModelFolder.open(each)) {
        read[type.ordinal()] = opened.tensor("transformer.h.0.mlp.c_fc.weight").floats();
      }
    }
    for (int i = 0; i < read[0].length; i++) {
      float exact = read[0][i];
      assertThat(Math.abs(read[1][i] - exact))
          .isLessThanOrEqualTo(Math.abs(exact) / 2048 + 0x1p-25f);
      assertThat(Math.abs(read[2][i] - exact)).isLessThanOrEqualTo(Math.abs(exact) / 256);
    }
    assertThat(read[1]).isNotEqualTo(read[2]);
  }

  @Test
  void theTokenizerHasAsManyTokensAsAreAskedFor() throws Exception {
    byte[] json = RandomTokenizer.byteLevel(32_768);
    try (PublishedTokenizer tokenizer = PublishedTokenizer.read("tokenizer.json", json)) {
      assertThat(tokenizer.size()).isEqualTo(32_768);
      int[] ids = tokenizer.start("the 42 cats, ü");
      assertThat(tokenizer.decode(ids)).isEqualTo("the 42 cats, ü");
      assertThat(ids).hasSizeLessThan(11); // of 15 bytes
    }
  }
}
