package io.lift.serializer.drafts;

import io.lift.core.row.FormatGuess;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.KeyType;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.formats.registry.RegistryPayload;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.kafka.TopicSample;
import io.lift.messages.HeaderValues;
import io.lift.messages.TaskDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The first rows of a topic, read as the source of a task will be. */
final class SampleRows {
  /** Records that are read for each row: some are deletions, or do not meet the conditions. */
  private static final int RECORDS_PER_ROW = 5;

  private final Source source;
  private final List<String> remarks = new ArrayList<>();
  private final List<Map<String, String>> values = new ArrayList<>();
  private final Map<String, DeclaredField> fields = new HashMap<>();
  private final Set<String> arrays = new TreeSet<>();
  private String refused;
  private int records;
  private boolean all;

  private SampleRows(Source source) {
    this.source = source;
  }

  /**
   * Reads the rows that a task is inferred from.
   *
   * @param enough how many
   * @throws SchemaUnavailableException if a schema cannot be asked for now
   * @throws IllegalArgumentException with one sentence, if the draft is inconsistent
   */
  static SampleRows read(
      Map<String, Object> kafka, SchemaRegistry registry, TaskDraft draft, int enough)
      throws SchemaUnavailableException {
    List<ConsumerRecord<byte[], byte[]>> sample =
        TopicSample.read(kafka, draft.topic(), RECORDS_PER_ROW * enough);
    SourceFormat format = draft.format() == null ? guessed(sample, registry) : draft.format();
    boolean plain = draft.format() == null && format == SourceFormat.JSON;
    Source source =
        Source.of(draft.topic())
            .as(plain ? null : format, draft.key(), draft.where(), draft.arrays());
    SampleRows rows = new SampleRows(source);
    if (draft.format() == null && !plain) {
      rows.remarks.add(
          "The records are %s, and the source is read with --format %s."
              .formatted(format.description(), format.word()));
    }
    KeyType keys = draft.keys() == null ? KeyType.TEXT : draft.keys();
    SourceReader reader = new SourceReader(source, keys, registry);
    for (ConsumerRecord<byte[], byte[]> record : sample) {
      if (rows.count() < enough) {
        rows.add(reader, record);
      }
    }
    rows.all = sample.size() == RECORDS_PER_ROW * enough;
    if (!rows.arrays.isEmpty()) {
      rows.remarks.add(
          "Columns with arrays are left out: %s. With --arrays count, the number of elements is the"
                  .formatted(String.join(", ", rows.arrays))
              + " value.");
    }
    return rows;
  }

  private void add(SourceReader reader, ConsumerRecord<byte[], byte[]> record)
      throws SchemaUnavailableException {
    try {
      SourceRow row = reader.read(record);
      if (row == null) {
        return;
      }
      Map<String, String> named = row.values();
      arrays.addAll(row.arrays());
      fields.putAll(row.fields().get());
      values.add(named);
      records++;
    } catch (RowRejectedException e) {
      records++; // it becomes a dead letter once the task exists
      refused = refused == null ? e.getMessage() : refused;
    }
  }

  private static SourceFormat guessed(
      List<ConsumerRecord<byte[], byte[]>> sample, SchemaRegistry registry)
      throws SchemaUnavailableException {
    FormatGuess guess = new FormatGuess();
    sample.forEach(
        record -> guess.add(record.value(), name -> HeaderValues.string(record.headers(), name)));
    SourceFormat format = guess.most();
    return format.usesRegistry() ? registered(sample, registry) : format;
  }

  /** The format of the first record whose schema the registry has. */
  private static SourceFormat registered(
      List<ConsumerRecord<byte[], byte[]>> sample, SchemaRegistry registry)
      throws SchemaUnavailableException {
    RegistryPayload payload = new RegistryPayload(registry);
    String refused = null;
    for (ConsumerRecord<byte[], byte[]> record : sample) {
      try {
        if (record.value() != null && RegistryPayload.is(record.value())) {
          boolean event = FormatGuess.isChangeEvent(payload.read(record.value(), null).json());
          return event ? SourceFormat.DEBEZIUM : payload.format(record.value());
        }
      } catch (RowRejectedException e) {
        refused = e.getMessage();
      }
    }
    throw new IllegalArgumentException("its records have no schema that can be read. " + refused);
  }

  /** How the topic is read. */
  Source source() {
    return source;
  }

  /** What the user should know about that, one sentence each. */
  List<String> remarks() {
    return remarks;
  }

  /** How many rows there are, with those that are refused. */
  int count() {
    return records;
  }

  /** Whether no more records are looked at, however few rows they have. */
  boolean all() {
    return all;
  }

  /** The values of each row by the names of their columns. */
  List<Map<String, String>> values() {
    return values;
  }

  /** What the schemas of the rows say about their columns. */
  Map<String, DeclaredField> fields() {
    return fields;
  }

  /** Why the first refused record is no row; null if none was refused. */
  String refused() {
    return refused;
  }
}
