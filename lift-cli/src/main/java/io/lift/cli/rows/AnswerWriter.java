package io.lift.cli.rows;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.Explanation;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes answers as CSV or JSON lines, each at once. */
final class AnswerWriter {

  /** How answers are written. */
  enum Format {
    CSV,
    JSONL
  }

  private final Format format;
  private final Writer out;
  private final boolean classification;
  private final boolean explained;
  private final CSVPrinter csv;

  /**
   * @param explained whether CSV has a column of what the row's columns contribute
   */
  AnswerWriter(Format format, Writer out, TaskSpec task, boolean explained) throws IOException {
    this.explained = explained;
    this.format = format;
    this.out = out;
    this.classification = task.type() == TaskType.CLASSIFICATION;
    this.csv = new CSVPrinter(out, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
    if (format == Format.CSV) {
      List<String> header = new ArrayList<>(List.of("row", "id", "status", "answer"));
      header.addAll(classification ? List.of("probability") : List.of("lower", "upper"));
      header.add("checkpoint");
      if (explained) {
        header.add("contributions");
      }
      csv.printRecord(header);
      out.flush();
    }
  }

  void write(long number, String id, PredictionMessage prediction) throws IOException {
    if (format == Format.JSONL) {
      out.write(new String(Json.write(fields(number, id, prediction)), StandardCharsets.UTF_8));
      out.write('\n');
    } else {
      csv.printRecord(cells(number, id, prediction));
    }
    out.flush();
  }

  private List<Object> cells(long number, String id, PredictionMessage prediction) {
    List<Object> cells = new ArrayList<>(List.of(number, id, status(prediction)));
    var answer = prediction.answer();
    if (classification) {
      cells.add(answer == null ? "" : answer.label());
      cells.add(answer == null ? "" : answer.probabilities().get(answer.label()));
    } else {
      cells.add(answer == null ? "" : answer.value());
      cells.add(answer == null ? "" : answer.interval().lower());
      cells.add(answer == null ? "" : answer.interval().upper());
    }
    cells.add(prediction.checkpoint() == null ? "" : prediction.checkpoint().version());
    if (explained) {
      cells.add(contributions(prediction.explanation()));
    }
    return cells;
  }

  /** For people: {@code age +0.31; salary -0.08}; why there are none otherwise. */
  private String contributions(Explanation explanation) {
    if (explanation == null) {
      return "";
    }
    if (explanation.columns() == null) {
      return explanation.message();
    }
    return explanation.columns().stream()
        .map(column -> column.column() + " " + signed(column.contribution()))
        .collect(Collectors.joining("; "));
  }

  private String signed(double contribution) {
    if (classification) {
      double hundredths = Math.round(100 * contribution) / 100.0; // no negative zero
      return String.format(Locale.ROOT, "%+.2f", hundredths + 0.0);
    }
    BigDecimal rounded = new BigDecimal(contribution).round(new MathContext(3));
    return (rounded.signum() < 0 ? "" : "+") + rounded.stripTrailingZeros().toPlainString();
  }

  private Map<String, Object> fields(long number, String id, PredictionMessage prediction) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("row", number);
    fields.put("id", id);
    fields.put("status", status(prediction));
    var answer = prediction.answer();
    if (answer != null && classification) {
      fields.put("answer", answer.label());
      fields.put("probability", answer.probabilities().get(answer.label()));
      fields.put("probabilities", answer.probabilities());
      if (answer.labels() != null) {
        fields.put("labels", answer.labels());
      }
    } else if (answer != null) {
      fields.put("answer", answer.value());
      fields.put("interval", answer.interval());
    }
    if (prediction.checkpoint() != null) {
      fields.put("checkpoint", prediction.checkpoint().version());
    }
    if (prediction.extrapolated() != null) {
      fields.put("extrapolated", prediction.extrapolated());
    }
    if (prediction.explanation() != null) {
      fields.put("explanation", prediction.explanation());
    }
    if (prediction.message() != null) {
      fields.put("message", prediction.message());
    }
    return fields;
  }

  /** What became of the row; an answer that the task has none for is {@code abstained}. */
  private static String status(PredictionMessage prediction) {
    if (prediction.answer() != null && !prediction.answer().answered()) {
      return "abstained";
    }
    return prediction.status().name().toLowerCase(Locale.ROOT);
  }
}
