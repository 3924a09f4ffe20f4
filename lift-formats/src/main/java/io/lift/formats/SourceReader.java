package io.lift.formats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lift.core.row.FlatJson;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.KeyType;
import io.lift.core.task.RowCondition;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.formats.event.RecordFormat;
import io.lift.formats.event.Unwrapped;
import io.lift.formats.registry.RegistryPayload;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the records of a source as rows. Thread-safe. */
public final class SourceReader {
  private final RecordFormat format;
  private final boolean unread; // a record's value is the row
  private final boolean countsArrays;
  private final List<RowCondition> conditions;
  private final SourceIds ids;

  /**
   * @param source says how its records are read
   * @param keys what the keys of the task's rows are
   * @param registry where schemas are asked for
   * @throws IllegalArgumentException with one sentence, if the source is inconsistent
   */
  public SourceReader(Source source, KeyType keys, SchemaRegistry registry) {
    format = RecordFormat.of(source.formatOrJson(), registry);
    conditions = source.conditions();
    countsArrays = source.countsArrays();
    unread = source.formatOrJson() == SourceFormat.JSON && conditions.isEmpty() && !countsArrays;
    ids = new SourceIds(source.keyOr(keys), new RegistryPayload(registry));
  }

  /**
   * Reads records of JSON, such as those of {@code lift.rows}.
   *
   * @param keys what the keys of the rows are
   */
  public static SourceReader json(KeyType keys, SchemaRegistry registry) {
    return new SourceReader(Source.of("any"), keys, registry);
  }

  /**
   * The row in a record.
   *
   * @return null if the record holds no row and is no error either: a deletion, or one that does
   *     not meet the conditions
   * @throws RowRejectedException if it is not of the source's format
   * @throws SchemaUnavailableException if its schema cannot be asked for now
   */
  public SourceRow read(ConsumerRecord<byte[], byte[]> record)
      throws RowRejectedException, SchemaUnavailableException {
    if (unread) {
      return new SourceRow(RecordFormat.value(record), null, Map::of);
    }
    Unwrapped unwrapped = format.read(record);
    if (unwrapped == null) {
      return null;
    }
    if (countsArrays) {
      countArrays(unwrapped.row());
    }
    return meets(unwrapped) ? new SourceRow(null, unwrapped.row(), unwrapped.fields()) : null;
  }

  private boolean meets(Unwrapped unwrapped) {
    if (conditions.isEmpty()) {
      return true;
    }
    Map<String, String> values = new HashMap<>(FlatJson.scalars(unwrapped.row()));
    return conditions.stream()
        .allMatch(
            condition ->
                condition.holds(
                    name -> {
                      String about = unwrapped.about().apply(name);
                      return about == null ? values.get(name) : about;
                    }));
  }

  private static void countArrays(ObjectNode object) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue() instanceof ArrayNode array) {
        field.setValue(IntNode.valueOf(array.size()));
      } else if (field.getValue() instanceof ObjectNode inner) {
        countArrays(inner);
      }
    }
  }

  /** Whether the id of a row is one of its fields, so that its record needs no key. */
  public boolean hasIdInRow() {
    return ids.inRow();
  }

  /**
   * The id of a row.
   *
   * @throws RowRejectedException if there is none
   * @throws SchemaUnavailableException if the schema of the key cannot be asked for now
   */
  public String id(ConsumerRecord<byte[], byte[]> record, SourceRow row)
      throws RowRejectedException, SchemaUnavailableException {
    return ids.of(record.topic(), record.key(), row);
  }
}
