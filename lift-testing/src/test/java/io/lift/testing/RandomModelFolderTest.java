package io.lift.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorType;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RandomModelFolderTest {
  @TempDir private Path folder;

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
}
