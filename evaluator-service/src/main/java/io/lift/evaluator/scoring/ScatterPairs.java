package io.lift.evaluator.scoring;

import io.lift.core.answer.Answer;
import io.lift.messages.ChartsMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The newest truths and answers of a regression, for its scatter plot. */
final class ScatterPairs {
  private static final int MAX_PAIRS = 200;

  private final Deque<Outcome.Scored> newest = new ArrayDeque<>();

  void add(Outcome.Scored row) {
    newest.addLast(row);
    while (newest.size() > MAX_PAIRS) {
      newest.removeFirst();
    }
  }

  /** Oldest first. */
  List<ChartsMessage.Pair> pairs() {
    return newest.stream().map(ScatterPairs::pair).toList();
  }

  private static ChartsMessage.Pair pair(Outcome.Scored row) {
    Answer.Interval interval = row.answer().interval();
    return new ChartsMessage.Pair(
        Double.parseDouble(row.truth()),
        row.answer().value(),
        interval == null ? null : interval.lower(),
        interval == null ? null : interval.upper());
  }
}
