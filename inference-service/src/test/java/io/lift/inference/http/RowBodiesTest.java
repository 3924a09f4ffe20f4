package io.lift.inference.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowBodiesTest {

  @Test
  void oneObjectIsOneRowByteByByte() throws Exception {
    RowBodies rows = RowBodies.of(" {\"größe\" : 1e3} ".getBytes(UTF_8), 10);
    assertThat(rows.list()).isFalse();
    assertThat(texts(rows)).containsExactly("{\"größe\" : 1e3}");
  }

  @Test
  void anArrayIsCutIntoItsObjects() throws Exception {
    RowBodies rows = RowBodies.of("[ {\"a\":\"ü}\"} ,{\"b\":{\"c\":[1]}}\n]".getBytes(UTF_8), 10);
    assertThat(rows.list()).isTrue();
    assertThat(texts(rows)).containsExactly("{\"a\":\"ü}\"}", "{\"b\":{\"c\":[1]}}");
    assertThat(RowBodies.of("[]".getBytes(UTF_8), 10).rows()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1", "[1]", "[{},", "{", "{} {}", "[{}] 1", "[{}}", "nope"})
  void whatIsNeitherIsMalformed(String body) {
    assertThatThrownBy(() -> RowBodies.of(body.getBytes(UTF_8), 10))
        .isInstanceOf(RowBodies.Malformed.class)
        .hasMessageStartingWith("the body ");
  }

  @Test
  void moreRowsThanAllowedAreTooMany() {
    assertThatThrownBy(() -> RowBodies.of("[{},{},{}]".getBytes(UTF_8), 2))
        .isInstanceOf(RowBodies.TooMany.class)
        .hasMessageContaining("2 rows");
  }

  private static List<String> texts(RowBodies rows) {
    return rows.rows().stream().map(row -> new String(row, UTF_8)).toList();
  }
}
