package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.model.decoder.Softmax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerTrieTest {
  private static final int[] END = {8, 9};

  @Test
  void answersOfOneTokenNeedTheRootOnly() {
    AnswerTrie trie = AnswerTrie.of(List.of(ids(5), ids(3), ids(4)), END);

    assertThat(trie.nodes()).isEqualTo(1);
    assertThat(trie.edges()).isEqualTo(3);
    assertThat(trie.firstEdge(1)).isEqualTo(3);
    assertThat(trie.probabilities(new double[] {7, 7, 7 + Math.log(2)}))
        .containsExactly(new double[] {0.25, 0.25, 0.5}, within(1e-12));
  }

  @Test
  void sharedBeginningsAreReadOnce() {
    AnswerTrie trie = AnswerTrie.of(List.of(ids(1, 2, 3), ids(1, 2, 4), ids(1, 5, 6), ids(7)), END);

    // the prompt's end, 1, 1 2, 1 5
    assertThat(trie.nodes()).isEqualTo(4);
    assertThat(trie.token(1)).isEqualTo(1);
    assertThat(trie.token(2)).isEqualTo(2);
    assertThat(trie.parent(2)).isEqualTo(1);
    assertThat(trie.depth(3)).isEqualTo(2);
    assertThat(trie.edges()).isEqualTo(7);
  }

  @Test
  void anAnswerThatBeginsAnotherIsToldApartByItsEndMark() {
    AnswerTrie trie = AnswerTrie.of(List.of(ids(1), ids(1, 0), ids(2)), END);

    assertThat(trie.nodes()).isEqualTo(2);
    assertThat(trie.firstEdge(1)).isEqualTo(2);
    assertThat(trie.edgeToken(2)).isEqualTo(8);
    assertThat(trie.edgeToken(3)).isEqualTo(0);
    double[] logs = {Math.log(0.6), Math.log(0.3), Math.log(0.5), Math.log(0.25)};
    assertThat(trie.probabilities(logs))
        .containsExactly(new double[] {0.3 / 0.75, 0.15 / 0.75, 0.3 / 0.75}, within(1e-12));
  }

  @Test
  void anAnswerThatLooksLikeAnEndMarkTakesMoreOfIt() {
    AnswerTrie trie = AnswerTrie.of(List.of(ids(1), ids(1, 8, 3)), END);

    // 1 8 9 against 1 8 3
    assertThat(trie.nodes()).isEqualTo(3);
    assertThat(trie.edges()).isEqualTo(4);
  }

  @Test
  void answersOfTheSameTokensAreRejected() {
    assertThatThrownBy(() -> AnswerTrie.of(List.of(ids(1), ids(2), ids(1)), END))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("answers 0 and 2 are the same tokens");
  }

  @Test
  void probabilitiesAreThoseOfEachAnswerInFull() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      Set<List<Integer>> words = new LinkedHashSet<>();
      for (int i = 0; i < 20; i++) {
        List<Integer> word = new ArrayList<>();
        for (int t = 0; t <= random.nextInt(3); t++) {
          word.add(random.nextInt(4));
        }
        words.add(word);
      }
      List<int[]> answers = words.stream().map(w -> w.stream().mapToInt(i -> i).toArray()).toList();
      AnswerTrie trie = AnswerTrie.of(answers, END);
      double[] logs = new double[trie.edges()];
      for (int n = 0; n < trie.nodes(); n++) {
        for (int e = trie.firstEdge(n); e < trie.firstEdge(n + 1); e++) {
          logs[e] = log(beginning(trie, n), trie.edgeToken(e));
        }
      }
      double[] expected = new double[answers.size()];
      for (int a = 0; a < expected.length; a++) {
        int[] answer = answers.get(a);
        boolean begins =
            answers.stream()
                .anyMatch(
                    o ->
                        o.length > answer.length
                            && Arrays.equals(o, 0, answer.length, answer, 0, answer.length));
        for (int t = 0; t < answer.length; t++) {
          expected[a] += log(Arrays.copyOf(answer, t), answer[t]);
        }
        expected[a] += begins ? log(answer, END[0]) : 0;
      }
      assertThat(trie.probabilities(logs)).containsExactly(Softmax.of(expected), within(1e-12));
    }
  }

  /** A model: any number that depends on all tokens before. */
  private static double log(int[] before, int next) {
    return -((Arrays.hashCode(before) * 31 + next) & 0xff) / 64.0;
  }

  private static int[] beginning(AnswerTrie trie, int node) {
    int[] tokens = new int[trie.depth(node)];
    for (int n = node; n > 0; n = trie.parent(n)) {
      tokens[trie.depth(n) - 1] = trie.token(n);
    }
    return tokens;
  }

  private static int[] ids(int... ids) {
    return ids;
  }
}
