package io.lift.serializer.rows;

import io.lift.core.prompt.Prompt;
import io.lift.core.task.Extrapolation;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes the JSON of {@link RequestMessage} and {@link PromptMessage} without Jackson, because this
 * is most of the time that a row takes. The fields that both messages have are written once per
 * row. Not thread-safe.
 */
final class MessageWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] buffer = new byte[1024];
  private int length;

  /** Begins a row with the fields that both messages have. */
  void begin(String task, int version, String row, Prompt prompt, Origin origin) {
    length = 0;
    raw("{\"task\":");
    string(task);
    raw(",\"taskVersion\":");
    number(version);
    raw(",\"row\":");
    string(row);
    raw(",\"prompt\":");
    string(prompt.text());
    raw(",\"grid\":");
    numbers(prompt.grid());
    raw(",\"origin\":{\"topic\":");
    string(origin.topic());
    raw(",\"partition\":");
    number(origin.partition());
    raw(",\"offset\":");
    number(origin.offset());
    raw(",\"timestamp\":");
    number(origin.timestamp());
    raw("}");
  }

  /**
   * The row as a request.
   *
   * @param missing features that the row does not name
   * @param point the linear part of its answer; null for none
   * @param extrapolated features in which the row is beyond what was seen
   * @param labelWait milliseconds for which it waits for its label; 0 for a row that does not
   * @param learned whether the row is a training example too
   * @param values of the row by column, if its answer is to be explained; otherwise empty
   */
  byte[] request(
      List<String> missing,
      Extrapolation.Point point,
      List<String> extrapolated,
      long labelWait,
      boolean learned,
      Map<String, Object> values) {
    int common = length;
    names("missing", missing);
    if (point != null) {
      raw(",\"point\":{\"offset\":");
      raw(Double.toString(point.offset()));
      raw(",\"spread\":");
      raw(Double.toString(point.spread()));
      raw("}");
    }
    names("extrapolated", extrapolated);
    if (labelWait > 0) {
      raw(",\"labelWait\":");
      number(labelWait);
    }
    if (learned) {
      raw(",\"learned\":true");
    }
    values(values);
    return end(common);
  }

  /** A field with names of columns, if there are any. */
  private void names(String field, List<String> columns) {
    for (int i = 0; i < columns.size(); i++) {
      raw(i == 0 ? ",\"" + field + "\":[" : ",");
      string(columns.get(i));
    }
    if (!columns.isEmpty()) {
      raw("]");
    }
  }

  private void values(Map<String, Object> values) {
    String before = ",\"values\":{";
    for (Map.Entry<String, Object> value : values.entrySet()) {
      raw(before);
      before = ",";
      string(value.getKey());
      raw(":");
      if (value.getValue() instanceof Double number) {
        raw(number.toString());
      } else {
        string(value.getValue().toString());
      }
    }
    if (!values.isEmpty()) {
      raw("}");
    }
  }

  /** The row as a training example. */
  byte[] example(String completion, String label) {
    int common = length;
    raw(",\"completion\":");
    string(completion);
    raw(",\"label\":");
    string(label);
    return end(common);
  }

  /** A copy of the object with its end mark. The buffer keeps the common part alone. */
  private byte[] end(int common) {
    byte[] json = Arrays.copyOf(buffer, length + 1);
    json[length] = '}';
    length = common;
    return json;
  }

  private void raw(String ascii) {
    reserve(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      buffer[length++] = (byte) ascii.charAt(i);
    }
  }

  private void number(long value) {
    raw(Long.toString(value));
  }

  private void numbers(int[] values) {
    raw("[");
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        raw(",");
      }
      number(values[i]);
    }
    raw("]");
  }

  private void string(String text) {
    reserve(6 * text.length() + 2); // the longest escape has 6 bytes
    buffer[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        buffer[length++] = '\\';
        buffer[length++] = (byte) c;
      } else if (c >= ' ' && c < 0x80) {
        buffer[length++] = (byte) c;
      } else {
        escape(c);
      }
    }
    buffer[length++] = '"';
  }

  /**
   * {@code \}{@code uXXXX}: also halves of surrogate pairs, so that any string can be read back.
   */
  private void escape(char c) {
    buffer[length++] = '\\';
    buffer[length++] = 'u';
    buffer[length++] = HEX[c >> 12];
    buffer[length++] = HEX[c >> 8 & 15];
    buffer[length++] = HEX[c >> 4 & 15];
    buffer[length++] = HEX[c & 15];
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
