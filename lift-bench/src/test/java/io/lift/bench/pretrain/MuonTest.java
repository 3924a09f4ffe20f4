package io.lift.bench.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.random.SeededRandom;
import org.junit.jupiter.api.Test;

class MuonTest {
  @Test
  void anUpdateIsNearlyOrthogonalWhateverTheShape() {
    for (int[] shape : new int[][] {{6, 6}, {4, 12}, {12, 4}}) {
      SeededRandom random = new SeededRandom(1);
      float[] data = new float[shape[0] * shape[1]];
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) random.gaussian();
      }
      try (NDManager manager = TorchEngine.load().newBaseManager()) {
        NDArray x = Muon.orthogonal(TorchEngine.array(manager, data, 1, shape[0], shape[1]));
        x = x.reshape(shape[0], shape[1]);
        NDArray gram = shape[0] <= shape[1] ? x.matMul(x.transpose()) : x.transpose().matMul(x);
        int side = Math.min(shape[0], shape[1]);
        float[] products = gram.toFloatArray();
        for (int i = 0; i < side; i++) {
          for (int j = 0; j < side; j++) {
            // singular values come to lie between 0.7 and 1.2, not exactly at 1
            assertThat(products[i * side + j])
                .isBetween(i == j ? 0.4f : -0.5f, i == j ? 1.5f : 0.5f);
          }
        }
      }
    }
  }
}
