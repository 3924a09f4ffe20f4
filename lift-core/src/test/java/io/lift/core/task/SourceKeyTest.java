package io.lift.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceKeyTest {
  @Test
  void aKeyIsReadAsItIsWritten() {
    for (String text :
        List.of(
            "text", "long", "int", "json", "json:id", "registry", "registry:a.b", "value:order")) {
      assertThat(SourceKey.parse(text)).hasToString(text);
    }
    assertThat(SourceKey.parse(" JSON : Id ").field()).isEqualTo("Id");
  }

  @Test
  void anythingElseIsRefusedWithWhatCanBeSaid() {
    for (String text : List.of("", "uuid", "text:id", "json:", "value", "value: ")) {
      assertThatThrownBy(() -> SourceKey.parse(text))
          .as(text)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("json:FIELD")
          .hasMessageEndingWith("'" + text + "'");
    }
  }
}
