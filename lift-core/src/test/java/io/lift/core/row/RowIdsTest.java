package io.lift.core.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.task.KeyType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RowIdsTest {

  @Test
  void textIsTheIdAsItStands() throws Exception {
    for (String key : new String[] {"a", "row 7", "Zürich/8", "\ud83d\ude00", "\ufffd"}) {
      assertThat(RowIds.of(KeyType.TEXT, key.getBytes(StandardCharsets.UTF_8))).isEqualTo(key);
    }
  }

  @Test
  void numbersAreReadAsTheyWereWrittenWhateverTheirValue() throws Exception {
    for (long key : new long[] {0, 65, -1, 1L << 40, Long.MIN_VALUE, 0x4142434445464748L}) {
      assertThat(RowIds.of(KeyType.LONG, number(key))).isEqualTo(Long.toString(key));
    }
    assertThat(RowIds.of(KeyType.INT, ByteBuffer.allocate(4).putInt(-7).array())).isEqualTo("-7");
    assertThatThrownBy(() -> RowIds.of(KeyType.LONG, new byte[4]))
        .isInstanceOf(RowRejectedException.class)
        .hasMessage("The key has 4 bytes, but the keys of this task are numbers of 8 bytes.");
  }

  @Test
  void numbersInPlaceOfTextAreRefusedAlikeAndTheWayOutIsNamed() {
    for (long key = -200; key < 200; key++) {
      byte[] bytes = number(key);
      assertThatThrownBy(() -> RowIds.of(KeyType.TEXT, bytes))
          .as("key %d", key)
          .isInstanceOf(RowRejectedException.class)
          .hasMessageContaining("--keys long");
    }
    assertThatThrownBy(() -> RowIds.of(KeyType.TEXT, ByteBuffer.allocate(4).putInt(65).array()))
        .hasMessageContaining("--keys int");
  }

  private static byte[] number(long key) {
    return ByteBuffer.allocate(8).putLong(key).array();
  }
}
