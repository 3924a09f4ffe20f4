package io.lift.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.inference.calls.CallException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Raw contents, as numpy writes them on a little-endian machine. */
class RawContentsTest {

  @Test
  void everyTypeIsReadInLittleEndianOrder() throws Exception {
    assertThat(read(DataType.BOOL, "0001")).containsExactly(false, true);
    assertThat(read(DataType.INT8, "ff7f")).containsExactly(-1, 127);
    assertThat(read(DataType.UINT8, "ff7f")).containsExactly(255, 127);
    assertThat(read(DataType.INT16, "feff")).containsExactly(-2);
    assertThat(read(DataType.UINT16, "feff")).containsExactly(65534);
    assertThat(read(DataType.INT32, "01000080")).containsExactly(Integer.MIN_VALUE + 1);
    assertThat(read(DataType.UINT32, "01000080")).containsExactly(2147483649L);
    assertThat(read(DataType.INT64, "ffffffffffffffff")).containsExactly(-1L);
    assertThat(read(DataType.UINT64, "ffffffffffffffff"))
        .containsExactly(new BigInteger("18446744073709551615"));
    assertThat(read(DataType.FP32, "cdcccc3d")).containsExactly(0.1);
    assertThat(read(DataType.FP64, "9a9999999999b93f")).containsExactly(0.1);
    assertThat(read(DataType.BYTES, "02000000c3bc00000000")).containsExactly("ü", "");
  }

  @Test
  void halfPrecisionHasOrdinarySubnormalAndNoNumbers() throws Exception {
    assertThat(read(DataType.FP16, "003c00c00100ff7b007c007e"))
        .containsExactly(
            1.0, -2.0, 5.960464477539063e-8, 65504.0, Double.POSITIVE_INFINITY, Double.NaN);
  }

  @Test
  void whatIsCutOffOrIsNoTextIsRefused() {
    refused(DataType.FP64, "0000", "input age: 2 bytes of raw contents are no whole elements");
    refused(DataType.BYTES, "0200", "input age: the raw contents end within element 0");
    refused(DataType.BYTES, "0500000061", "input age: the raw contents end within element 0");
    refused(DataType.BYTES, "ffffffff", "input age: the raw contents end within element 0");
    refused(DataType.BYTES, "01000000ff", "row 0: input age is not UTF-8");
  }

  @Test
  void outputsAreReadAsTheyWereWritten() throws Exception {
    for (List<Object> elements :
        List.of(
            List.<Object>of(0.25, -1e300),
            List.<Object>of("good", "größer", ""),
            List.<Object>of(true, false))) {
      DataType type =
          elements.get(0) instanceof Double
              ? DataType.FP64
              : elements.get(0) instanceof Boolean ? DataType.BOOL : DataType.BYTES;
      assertThat(RawContents.read("out", type, RawContents.write(elements))).isEqualTo(elements);
    }
  }

  private static void refused(DataType type, String bytes, String message) {
    assertThatThrownBy(() -> read(type, bytes))
        .isInstanceOf(CallException.class)
        .hasMessageStartingWith(message);
  }

  private static List<Object> read(DataType type, String bytes) throws CallException {
    return RawContents.read("age", type, ByteBuffer.wrap(HexFormat.of().parseHex(bytes)));
  }
}
