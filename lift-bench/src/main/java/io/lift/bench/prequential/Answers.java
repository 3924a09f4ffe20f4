package io.lift.bench.prequential;

import io.lift.cli.base.StallDetector;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.term.ProgressBar;
import io.lift.messages.PredictionMessage;
import java.time.Duration;

/** The answers to rows that a thread sends, each row with its number as correlation id. */
final class Answers {
  private static final Duration LAST = Duration.ofSeconds(60);

  private Answers() {}

  /** Takes answers. */
  @FunctionalInterface
  interface Reader {
    /**
     * @param row its number
     * @return whether the row is one of those that are waited for
     */
    boolean read(int row, PredictionMessage prediction);
  }

  /**
   * Starts to send and reads until all rows have their answers, or until none has come for a minute
   * after the last row.
   */
  static void collect(
      TopicTail<PredictionMessage> tail,
      Thread sending,
      int rows,
      ProgressBar progress,
      Reader reader)
      throws InterruptedException {
    sending.start();
    int answered = 0;
    StallDetector stall = new StallDetector(LAST);
    while (answered < rows && !(stall.reached(answered) && !sending.isAlive())) {
      for (var received : tail.poll(Duration.ofMillis(20))) {
        PredictionMessage prediction = received.value();
        if (prediction.answer() != null
            && reader.read(Integer.parseInt(received.correlation()), prediction)) {
          progress.set(++answered);
        }
      }
    }
    sending.join();
  }
}
