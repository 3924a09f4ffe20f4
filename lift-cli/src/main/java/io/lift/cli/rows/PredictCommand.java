package io.lift.cli.rows;

import io.lift.cli.base.CliException;
import io.lift.cli.base.StallDetector;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.kafka.RowSender;
import io.lift.cli.kafka.TaskRegistry;
import io.lift.cli.kafka.TopicTail;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.table.CsvFile;
import io.lift.cli.table.EncodingOption;
import io.lift.cli.term.ProgressBar;
import io.lift.cli.term.Terminal;
import io.lift.core.table.CsvTable;
import io.lift.core.table.JsonRows;
import io.lift.core.task.TaskSpec;
import io.lift.messages.Headers;
import io.lift.messages.PredictionMessage;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lift predict}. */
@Command(
    name = "predict",
    header = "Predict the rows of a CSV file.",
    description = {
      "Writes an answer with its probability (or 90 %% interval) and checkpoint version as it"
          + " arrives. A target column in the file is not sent.",
      "Exit code 1 if any row got no answer."
    },
    footer = {
      "  lift predict new-loans.csv --task loans --out answers.csv",
      "  lift predict - --task loans --format jsonl < new-loans.csv",
      "  lift predict new-loans.csv --task loans --explain"
    })
public final class PredictCommand implements Callable<Integer> {
  private static final int MOST_IN_FLIGHT = 2_000;

  @Mixin private ConnectionOptions connection;

  @Parameters(paramLabel = "FILE.csv", description = "A CSV file with a header, or - for stdin.")
  private String file;

  @Mixin private EncodingOption encoding;

  @Option(names = "--task", required = true, paramLabel = "NAME", description = "The rows' task.")
  private String task;

  @Option(
      names = "--format",
      defaultValue = "csv",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private AnswerWriter.Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where answers are written (default: stdout).")
  private Path out;

  @Option(names = "--ordered", description = "Write in the order of the file.")
  private boolean ordered;

  @Option(
      names = "--explain",
      description = {
        "Also write what each column contributes to the answer, those that contribute most first:"
            + " how much higher the probability of the label (or the number) is than it would be with"
            + " values of other rows. An explained answer takes much longer than one without."
      })
  private boolean explain;

  @Option(
      names = "--timeout",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "Give up after this time without any answer (default: ${DEFAULT-VALUE}).")
  private double timeout;

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description = "Column that holds row ids (default: file, time and row number).")
  private String id;

  private record Pending(long number, String id) {}

  private final Map<String, Pending> waiting = new HashMap<>();
  private final TreeMap<Long, Runnable> later = new TreeMap<>();
  private long nextToWrite = 1;
  private long answered;
  private long untrained; // answers without any labelled row
  private long fromRows; // answers from labelled rows that no checkpoint has learned
  private long unanswered;
  private String firstReason;

  @Override
  public Integer call() throws InterruptedException, IOException {
    ConnectionSettings kafka = connection.settings();
    TaskSpec spec;
    try (TaskRegistry tasks = new TaskRegistry(kafka)) {
      spec = tasks.get(task);
    }
    long total = file.equals("-") ? -1 : CsvFile.count(file, encoding.charset());
    try (CsvTable csv = CsvFile.open(file, encoding.charset());
        TopicTail<PredictionMessage> predictions = TopicTail.predictions(kafka, task);
        TopicTail<byte[]> rejected = TopicTail.deadLetters(kafka, task);
        RowSender sender = new RowSender(kafka, task);
        Writer text = TextOut.open(out);
        ProgressBar bar = new ProgressBar(Terminal.stderr(), "predict", "answers", total)) {
      ProduceCommand.checkColumns(csv.columns(), spec);
      AnswerWriter writer = new AnswerWriter(format, text, spec, explain);
      RowIds ids = new RowIds(csv.columns(), file, id);
      JsonRows json = new JsonRows(spec);
      String run = UUID.randomUUID().toString().substring(0, 8);
      StallDetector stall = new StallDetector(Duration.ofMillis((long) (timeout * 1000)));
      long progress = 0; // rows sent and answered
      Iterator<Map<String, String>> rows = csv.iterator();
      long number = 0;
      while (rows.hasNext() || !waiting.isEmpty()) {
        while (rows.hasNext() && waiting.size() < MOST_IN_FLIGHT) {
          Map<String, String> row = rows.next();
          String rowId = ids.of(++number, row);
          String correlation = run + "-" + number;
          waiting.put(correlation, new Pending(number, rowId));
          byte[] features = json.write(CsvFile.without(row, spec.target().name()));
          sender.send(rowId, features, RowSender.Use.TEST, correlation, explain);
          progress++;
        }
        for (var received : predictions.poll(Duration.ofMillis(50))) {
          Pending pending = waiting.remove(received.correlation());
          if (pending != null) {
            progress++;
            count(received.value());
            emit(pending, () -> write(writer, pending, received.value()));
          }
        }
        for (var letter : rejected.poll(Duration.ZERO)) {
          Pending pending = waiting.remove(letter.correlation());
          if (pending != null) {
            progress++;
            unanswered(letter.headers().get(Headers.ERROR_MESSAGE));
            emit(pending, () -> {});
          }
        }
        bar.set(answered);
        if (stall.reached(progress)) {
          break;
        }
      }
      later.values().forEach(Runnable::run);
    }
    long missing = unanswered + waiting.size();
    if (missing > 0) {
      throw new CliException(
          "%d of %d rows got no answer%s.",
          missing,
          missing + answered,
          firstReason == null
              ? " within %.0f s; see 'lift status'".formatted(timeout)
              : "; the first: " + firstReason);
    }
    if (untrained > 0) {
      Terminal.stderr()
          .out()
          .printf(
              "%,d answers are of checkpoint 0, the base model: no labelled row was known yet."
                  + " Predict again when some have been sent.%n",
              untrained);
    }
    if (fromRows > 0) {
      Terminal.stderr()
          .out()
          .printf(
              "%,d answers are from the newest labelled rows alone, before the first checkpoint.%n",
              fromRows);
    }
    return 0;
  }

  private void count(PredictionMessage prediction) {
    if (prediction.status() == PredictionMessage.Status.ANSWERED) {
      answered++;
      if (prediction.checkpoint().version() == 0) {
        untrained += prediction.support() == null ? 1 : 0;
        fromRows += prediction.support() == null ? 0 : 1;
      }
    } else {
      unanswered(prediction.message() == null ? "its deadline passed" : prediction.message());
    }
  }

  private void unanswered(String why) {
    unanswered++;
    if (firstReason == null) {
      firstReason = why;
    }
  }

  private void emit(Pending pending, Runnable write) {
    if (!ordered) {
      write.run();
      return;
    }
    later.put(pending.number(), write);
    while (!later.isEmpty() && later.firstKey() == nextToWrite) {
      later.pollFirstEntry().getValue().run();
      nextToWrite++;
    }
  }

  private static void write(AnswerWriter writer, Pending pending, PredictionMessage prediction) {
    try {
      writer.write(pending.number(), pending.id(), prediction);
    } catch (IOException e) {
      throw new CliException(e, "Cannot write the answers: " + e.getMessage() + ".");
    }
  }
}
