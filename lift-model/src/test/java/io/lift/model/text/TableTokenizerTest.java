package io.lift.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTokenizerTest {
  private static final BaseVocabulary BASE = BaseVocabulary.standard();
  private final TableTokenizer tokenizer =
      new TableTokenizer(BASE, List.of("When x1=", ", x2=", ", What? ###", "blue", "blueish", "7"));

  @Test
  void theLongestPieceWins() {
    assertThat(tokenizer.completion("blueish", false).ids()).containsExactly(BASE.size() + 4);
  }

  @Test
  void aNumericCompletionIsAnInteger() {
    assertThat(tokenizer.completion("7@@@", true).ids())
        .containsExactly(BASE.integer(7), BASE.mark("@@@"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "When x1=42, x2=?, What? ###",
        "blueblueishblu",
        "007 and 123456.5",
        "größer 🦆 ナ",
        "<pad>@@@###?",
        "line\nbreak\u0000",
        "٣ is no ASCII digit"
      })
  void anyStringComesBackFromItsTokens(String text) {
    assertThat(tokenizer.decode(tokenizer.completion(text, false).ids())).isEqualTo(text);
    assertThat(tokenizer.decode(tokenizer.completion(text, true).ids())).isEqualTo(text);
  }
}
