package io.lift.cli.demo;

import io.lift.cli.base.StallDetector;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.rows.RateLimiter;
import io.lift.cli.stack.Stack;
import io.lift.cli.term.Terminal;
import io.lift.core.answer.Answer;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.RowParser;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.CompactedTable;
import io.lift.messages.CheckpointManifest;
import io.lift.messages.PredictionMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** One demo on a running stack: sends rows at a steady rate, collects answers, shows both. */
final class DemoRun {
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);
  private static final double RATE_SECONDS = 3;

  private final Stack stack;
  private final DriftSchedule schedule;
  private final int total;
  private final double rate;
  private final AgrawalGenerator generator;
  private final Terminal terminal;

  private final PrequentialScore score = new PrequentialScore();
  private final PredictorCounters predictors = new PredictorCounters();
  private final ConcurrentHashMap<String, Long> sentAt = new ConcurrentHashMap<>();
  private final AtomicReference<CheckpointManifest> checkpoint = new AtomicReference<>();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
  private volatile boolean sending = true;
  private long deadLetters;
  private long started;
  private double rowsPerSecond;
  private int rateRows;
  private long rateSince;

  /**
   * @param total rows to send; 0 for endless
   * @param rate rows per second
   */
  DemoRun(
      Stack stack,
      DriftSchedule schedule,
      int total,
      double rate,
      AgrawalGenerator generator,
      Terminal terminal) {
    this.stack = stack;
    this.schedule = schedule;
    this.total = total;
    this.rate = rate;
    this.generator = generator;
    this.terminal = terminal;
  }

  void run() throws InterruptedException {
    ConnectionSettings kafka = stack.kafka();
    TaskSpec task = LoanTask.infer(schedule.functions());
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      tasks.create(task);
    }
    showSentence(task);
    DemoScreen screen = new DemoScreen(terminal, score, schedule);
    try (TopicTail<PredictionMessage> predictions = TopicTail.predictions(kafka, task.name());
        TopicTail<byte[]> rejected = TopicTail.deadLetters(kafka, task.name());
        CompactedTable<CheckpointManifest> checkpoints =
            new CompactedTable<>(
                kafka.topics().checkpoints(),
                kafka.client(),
                (name, manifest) -> checkpoint.set(manifest));
        RowSender sender = new RowSender(kafka, task.name())) {
      checkpoints.start();
      started = System.nanoTime();
      rateSince = started;
      Thread sends = new Thread(() -> send(sender, new JsonRows(task)), "rows");
      sends.setDaemon(true);
      sends.start();
      collect(predictions, rejected, screen);
      sending = false;
      sends.interrupt();
      screen.finish(state());
      if (stack.isStopping()) {
        terminal.out().println("Stopping …");
      }
      new DemoSummary(terminal, score, predictors, schedule, stack, task.name()).print(state());
    }
    if (failure.get() != null && !stack.isStopping()) {
      throw failure.get();
    }
  }

  private void send(RowSender sender, JsonRows json) {
    try {
      RateLimiter limiter = new RateLimiter(rate);
      for (int n = 0; sending && (total == 0 || n < total); n++) {
        limiter.await();
        int function = schedule.function(n);
        AgrawalGenerator.LoanRow row = generator.next(function);
        boolean groupA = row.group().equals(AgrawalGenerator.GROUP_A);
        boolean bestRight = AgrawalGenerator.group(function, row.applicant()).equals(row.group());
        String id = Integer.toString(score.sent(groupA, bestRight));
        sentAt.put(id, System.nanoTime());
        sender.send("loan-" + id, json.write(LoanTask.columns(row)), RowSender.Use.BOTH, id);
      }
      sender.flush();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    } finally {
      sending = false;
    }
  }

  private long learned() {
    CheckpointManifest current = checkpoint.get();
    return current == null ? 0 : current.rows();
  }

  private void collect(
      TopicTail<PredictionMessage> predictions, TopicTail<byte[]> rejected, DemoScreen screen) {
    StallDetector stall = new StallDetector(LAST_ANSWERS);
    long nextDraw = 0;
    while (!stack.isStopping()) {
      for (var received : predictions.poll(Duration.ofMillis(20))) {
        Long sent = received.correlation() == null ? null : sentAt.remove(received.correlation());
        if (sent != null && received.value().answer() != null) {
          add(Integer.parseInt(received.correlation()), received.value(), sent);
        }
      }
      deadLetters += rejected.poll(Duration.ZERO).size();
      long now = System.nanoTime();
      if (now >= nextDraw) {
        nextDraw = now + Duration.ofMillis(250).toNanos();
        screen.show(state());
      }
      // no answer and no new row for a while
      boolean stalled = stall.reached(List.of(score.answers(), score.rows()));
      boolean allAnswered = score.answers() + deadLetters >= score.rows();
      if (!sending && (allAnswered || stalled)) {
        return;
      }
    }
  }

  private void add(int row, PredictionMessage prediction, long sent) {
    Answer answer = prediction.answer();
    score.answered(
        row, answer.label().equals(AgrawalGenerator.GROUP_A), (System.nanoTime() - sent) / 1e6);
    List<String> labels = List.copyOf(answer.probabilities().keySet());
    boolean first = labels.get(0).equals(AgrawalGenerator.GROUP_A);
    predictors.add(prediction.predictors(), score.isGroupA(row) == first ? 0 : 1);
  }

  private DemoState state() {
    long now = System.nanoTime();
    double since = (now - rateSince) / 1e9;
    if (since >= RATE_SECONDS || rowsPerSecond == 0) {
      rowsPerSecond = (score.rows() - rateRows) / Math.max(since, 0.001);
      rateRows = score.rows();
      rateSince = now;
    }
    CheckpointManifest current = checkpoint.get();
    return new DemoState(
        (now - started) / 1e9,
        score.rows(),
        total,
        rowsPerSecond,
        current == null ? 0 : current.version(),
        current == null ? 0 : System.currentTimeMillis() - current.createdAt(),
        learned(),
        deadLetters,
        score.newest(DemoScreen.WINDOW),
        score.latency(0.5),
        score.latency(0.99));
  }

  private void showSentence(TaskSpec task) {
    AgrawalGenerator.LoanRow row = new AgrawalGenerator(0, 0).next(schedule.function(0));
    byte[] json = new JsonRows(task).write(LoanTask.columns(row));
    try {
      TaskLanguage language = new TaskLanguage(task);
      terminal.out().println();
      terminal.out().println("Rows become sentences; the model learns what follows ###:");
      terminal
          .out()
          .println(
              "  "
                  + terminal.dim(language.prompt(new RowParser(task).parse(json)).text())
                  + terminal.bold(" " + row.group()));
      terminal.out().println();
    } catch (RowRejectedException e) {
      throw new IllegalStateException(e);
    }
  }
}
