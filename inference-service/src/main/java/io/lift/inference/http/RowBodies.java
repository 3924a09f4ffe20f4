package io.lift.inference.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a body of one object or an array of objects into the bytes of each object, so that rows
 * are parsed as those from Kafka are.
 *
 * @param rows the bytes of each row
 * @param list whether the body was an array
 */
record RowBodies(List<byte[]> rows, boolean list) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** A body that is neither a row nor a list of rows; the message is one sentence. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }
  }

  /** More rows than one call may have. */
  static final class TooMany extends Exception {
    private static final long serialVersionUID = 1L;

    TooMany(int maxRows) {
      super("one call may have %d rows at most".formatted(maxRows), null, false, false);
    }
  }

  static RowBodies of(byte[] body, int maxRows) throws Malformed, TooMany {
    List<byte[]> rows = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(body)) {
      JsonToken first = parser.nextToken();
      boolean list = first == JsonToken.START_ARRAY;
      JsonToken token = list ? parser.nextToken() : first;
      while (token == JsonToken.START_OBJECT) {
        if (rows.size() == maxRows) {
          throw new TooMany(maxRows);
        }
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int to = (int) parser.currentLocation().getByteOffset();
        rows.add(Arrays.copyOfRange(body, from, to));
        token = parser.nextToken();
      }
      boolean ended = token == (list ? JsonToken.END_ARRAY : null);
      if (ended && list) {
        ended = parser.nextToken() == null;
      }
      if (!ended || !list && rows.size() != 1) {
        throw new Malformed("the body must be one JSON object or an array of JSON objects");
      }
      return new RowBodies(rows, list);
    } catch (JsonParseException e) {
      throw new Malformed(
          "the body is not JSON: %s (line %d, column %d)"
              .formatted(
                  e.getOriginalMessage(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new Malformed("the body is not JSON: " + e.getMessage());
    }
  }
}
