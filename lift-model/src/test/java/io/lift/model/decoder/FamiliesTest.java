package io.lift.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.Safetensors;
import io.lift.model.BaseModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every family against {@code src/test/reference/families.py}. */
class FamiliesTest {
  private static final float TOLERANCE = 1e-4f;

  /** Tokens (R, T) and the logits after each, (R, T, V). */
  private record Expected(long[] tokens, int rows, int length, float[] logits, int vocabulary) {

    static Expected read(Path folder) throws IOException {
      byte[] file = Files.readAllBytes(folder.resolve("expected.safetensors"));
      Safetensors read = Safetensors.read("expected.safetensors", file);
      Safetensors.Tensor tokens = read.tensors().get("tokens");
      Safetensors.Tensor logits = read.tensors().get("logits");
      long[] ids = new long[tokens.data().length];
      Arrays.setAll(ids, i -> (long) tokens.data()[i]);
      return new Expected(
          ids,
          (int) tokens.shape()[0],
          (int) tokens.shape()[1],
          logits.data(),
          (int) logits.shape()[2]);
    }

    long[] row(int r, int from, int to) {
      return Arrays.copyOfRange(tokens, r * length + from, r * length + to);
    }

    /** The logits after positions from..to of a row. */
    float[] after(int r, int from, int to) {
      int row = r * length;
      return Arrays.copyOfRange(logits, (row + from) * vocabulary, (row + to) * vocabulary);
    }
  }

  private static Path folder(String family) throws URISyntaxException {
    return Path.of(BaseModel.class.getResource("families/" + family).toURI());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "gptj",
        "llama2",
        "llama2-linear",
        "llama2-dynamic",
        "llama3",
        "qwen2",
        "qwen2.5-yarn",
        "qwen3",
        "smollm2"
      })
  void logitsAgreeWithTheFamilysFormulas(String family) throws Exception {
    Expected expected = Expected.read(folder(family));
    try (BaseModel base = BaseModel.open(folder(family).toString(), "cpu", "f32");
        NDScope scope = new NDScope();
        NDManager manager = base.newManager()) {
      Decoder decoder = base.decoder();
      DecoderWeights weights = base.frozen();
      int length = expected.length();

      // all positions of all rows at once
      TokenInput whole =
          TokenInput.of(manager.create(expected.tokens()), expected.rows(), length, null);
      assertClose(decoder.logits(weights, whole, length, 0), expected.logits());

      // only the last three
      NDArray last = decoder.logits(weights, whole, 3, 0);
      assertClose(last.get("0:1, 0:3"), expected.after(0, length - 3, length));

      // rows of different lengths, padded
      long[] padded = new long[2 * length];
      System.arraycopy(expected.row(0, 0, length), 0, padded, 0, length);
      System.arraycopy(expected.row(1, 0, length - 7), 0, padded, length + 7, length - 7);
      TokenInput two = TokenInput.of(manager.create(padded), 2, length, new int[] {0, 7});
      NDArray ends = decoder.logits(weights, two, 2, 0);
      assertClose(ends.get("0:1, 0:2"), expected.after(0, length - 2, length));
      assertClose(ends.get("0:1, 2:4"), expected.after(1, length - 9, length - 7));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gptj", "llama3", "qwen2.5-yarn", "qwen3"})
  void whatWasReadBeforeIsNotReadAgain(String family) throws Exception {
    Expected expected = Expected.read(folder(family));
    try (BaseModel base = BaseModel.open(folder(family).toString(), "cpu", "f32");
        NDScope scope = new NDScope();
        NDManager manager = base.newManager()) {
      Decoder decoder = base.decoder();
      DecoderWeights weights = base.frozen();
      int length = expected.length();

      // a prefix read once, then two rows of different lengths, then three tokens more of each
      // twice
      NDArray prefix = manager.create(expected.row(0, 0, 5));
      KeyValueCache first =
          new KeyValueCache(List.of())
              .append(decoder.prefill(weights, TokenInput.of(prefix, 1, 5, null), manager));
      long[] rest = new long[2 * 8];
      System.arraycopy(expected.row(0, 5, 13), 0, rest, 0, 8);
      System.arraycopy(expected.row(0, 5, 11), 0, rest, 10, 6);
      TokenInput second = TokenInput.of(manager.create(rest), 2, 8, new int[] {0, 2}, null, first);
      NDArray logits = decoder.logits(weights, second, 8, 0);
      assertClose(logits.get("0:1, 0:8"), expected.after(0, 5, 13));
      assertClose(logits.get("0:1, 10:16"), expected.after(0, 5, 11));

      KeyValueCache both = first.append(decoder.prefill(weights, second, manager));
      long[] more = new long[4 * 3];
      for (int r = 0; r < 4; r++) {
        int from = r < 2 ? 13 : 11;
        System.arraycopy(expected.row(0, from, from + 3), 0, more, 3 * r, 3);
      }
      TokenInput third = TokenInput.of(manager.create(more), 4, 3, null, null, both);
      logits = decoder.logits(weights, third, 3, 0);
      for (int r = 0; r < 4; r++) {
        int from = r < 2 ? 13 : 11;
        assertClose(
            logits.get("0:1, %d:%d".formatted(3 * r, 3 * r + 3)),
            expected.after(0, from, from + 3));
      }

      // rows with a prefix beside rows without, in one batch
      long[] mixed = new long[3 * 8];
      System.arraycopy(rest, 0, mixed, 0, 16);
      System.arraycopy(expected.row(1, 0, 8), 0, mixed, 16, 8);
      TokenInput groups =
          new TokenInput(
              manager.create(mixed),
              3,
              8,
              new int[] {0, 2, 0},
              null,
              null,
              List.of(new TokenInput.Group(2, null, first), new TokenInput.Group(1, null, null)));
      logits = decoder.logits(weights, groups, 2, 0);
      assertClose(logits.get("0:1, 0:2"), expected.after(0, 11, 13));
      assertClose(logits.get("0:1, 2:4"), expected.after(0, 9, 11));
      assertClose(logits.get("0:1, 4:6"), expected.after(1, 6, 8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gptj", "llama3", "qwen3"})
  void halfPrecisionIsCloseToFull(String family) throws Exception {
    Expected expected = Expected.read(folder(family));
    try (BaseModel base = BaseModel.open(folder(family).toString(), "cpu", "f16");
        NDScope scope = new NDScope();
        NDManager manager = base.newManager()) {
      assertThat(base.frozen().type()).isEqualTo(DataType.FLOAT16);
      TokenInput whole =
          TokenInput.of(
              manager.create(expected.tokens()), expected.rows(), expected.length(), null);
      float[] logits =
          base.decoder().logits(base.frozen(), whole, expected.length(), 0).toFloatArray();
      double square = 0;
      double error = 0;
      for (int i = 0; i < logits.length; i++) {
        square += Math.pow(expected.logits()[i], 2);
        error += Math.pow(expected.logits()[i] - logits[i], 2);
      }
      assertThat(Math.sqrt(error / square)).isBetween(1e-5, 0.01);
    }
  }

  private static void assertClose(NDArray actual, float[] wanted) {
    float[] numbers = actual.toFloatArray();
    assertThat(numbers).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(numbers[i]).as("number " + i).isCloseTo(wanted[i], within(TOLERANCE));
    }
  }
}
