package io.lift.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @Test
  void whatIsWrittenIsRead() {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put(
        "b", new Safetensors.Tensor(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, Float.NaN}));
    tensors.put("a", new Safetensors.Tensor(new long[] {}, new float[] {-0.5f}));
    byte[] file = new Safetensors(Map.of("step", "7", "what", "\"ü\""), tensors).toBytes();

    Safetensors read = Safetensors.read("file", file);

    assertThat(read.metadata()).containsEntry("step", "7").containsEntry("what", "\"ü\"");
    assertThat(read.tensors()).containsOnlyKeys("b", "a");
    assertThat(read.tensors().get("b").shape()).containsExactly(2, 3);
    assertThat(read.tensors().get("b").data()).containsExactly(1, 2, 3, 4, 5, Float.NaN);
    assertThat(read.tensors().get("a").data()).containsExactly(-0.5f);
    assertThat(read.toBytes()).isEqualTo(file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}|lies at 0..12 of 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}|lies at 4..12 of 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-4,4]}}|lies at -4..4 of 8",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}|but 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}|4 bytes after its last",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|leave a gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}|overlap",
        "{\"a\":{\"dtype\":\"I16\",\"shape\":[4],\"data_offsets\":[0,8]}}|has dtype I16",
        "{\"a\":{\"dtype\":\"F7\",\"shape\":[4],\"data_offsets\":[0,8]}}|has dtype F7",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":1}|not a JSON object",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,8]}}|impossible shape",
        "{\"a\":{\"dtype\":\"F32\"}}|lacks its shape",
        "[1]|not a JSON object",
        "{\"a\"|not a JSON object",
      })
  void aBadHeaderIsRefusedInOneSentence(String header, String cause) {
    assertThatThrownBy(() -> Safetensors.read("model.safetensors", file(header, 8)))
        .isInstanceOf(Safetensors.Invalid.class)
        .hasMessageStartingWith("model.safetensors")
        .hasMessageContaining(cause);
  }

  @Test
  void aFileCutShortIsRefused() {
    byte[] whole =
        new Safetensors(Map.of(), Map.of("a", new Safetensors.Tensor(new long[] {2}, new float[2])))
            .toBytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.read("f", cut)).isInstanceOf(Safetensors.Invalid.class);
    }
  }

  @Test
  void aGiantHeaderIsRefusedBeforeItIsRead() {
    byte[] file =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE).array();
    assertThatThrownBy(() -> Safetensors.read("f", file))
        .hasMessageContaining("announces a header of " + Long.MAX_VALUE);
  }

  private static byte[] file(String header, int data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }
}
