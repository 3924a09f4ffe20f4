package io.lift.cli.rows;

import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.messages.Json;
import io.lift.messages.PredictionMessage;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final CSVPrinter csv;

  AnswerWriter(Format format, Writer out, TaskSpec task) throws IOException {
    this.format = format;
    this.out = out;
    this.classification = task.type() == TaskType.CLASSIFICATION;
    this.csv = new CSVPrinter(out, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get());
    if (format == Format.CSV) {
      List<String> header = new ArrayList<>(List.of("row", "id", "status", "answer"));
      header.addAll(classification ? List.of("probability") : List.of("lower", "upper"));
      header.add("checkpoint");
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
    return cells;
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
    return prediction.status().name().toLowerCase(java.util.Locale.ROOT);
  }
}
