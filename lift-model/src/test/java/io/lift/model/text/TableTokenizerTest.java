package io.lift.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.model.Examples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTokenizerTest {
  private static final BaseVocabulary BASE = BaseVocabulary.standard();
  private final TableTokenizer tokenizer =
      new TableTokenizer(BASE, List.of("When x1=", ", x2=", ", What? ###", "blue", "blueish", "7"));

  @Test
  void eachPieceAndEachGridNumberIsOneToken() {
    TableTokenizer.Tokens tokens =
        tokenizer.prompt(new Prompt("When x1=42, x2=7, What? ###", new int[] {8, 10, 15, 16}));
    int task = BASE.size();
    assertThat(tokens.ids())
        .containsExactly(task, BASE.integer(42), task + 1, BASE.integer(7), task + 2);
    assertThat(tokens.grid()).containsExactly(false, true, false, true, false);
  }

  @Test
  void aNumberThatIsNotOnTheGridIsAWord() {
    TableTokenizer.Tokens tokens = tokenizer.prompt(new Prompt("When x1=7", new int[0]));
    assertThat(tokens.ids()).containsExactly(BASE.size(), BASE.size() + 5);
    assertThat(tokens.grid()).containsExactly(false, false);
  }

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
    assertThat(tokenizer.decode(tokenizer.prompt(new Prompt(text, new int[0])).ids()))
        .isEqualTo(text);
    assertThat(tokenizer.decode(tokenizer.completion(text, true).ids())).isEqualTo(text);
  }

  @Test
  void aPromptOfATaskComesBackFromItsTokens() {
    TaskLanguage language = Examples.signs();
    TableTokenizer own = new TableTokenizer(BASE, language.pieces());
    for (Examples.Case c : Examples.signs(20, 3)) {
      assertThat(own.decode(own.prompt(c.prompt()).ids())).isEqualTo(c.prompt().text());
    }
  }

  @Test
  void aGridSpanThatHoldsNoGridNumberIsRefused() {
    assertThatThrownBy(() -> tokenizer.prompt(new Prompt("100", new int[] {0, 3})))
        .hasMessage("a grid number must be 0..99, not 100");
  }
}
