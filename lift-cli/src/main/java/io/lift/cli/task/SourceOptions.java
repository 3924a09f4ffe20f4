package io.lift.cli.task;

import io.lift.cli.base.CliException;
import io.lift.cli.kafka.ConnectionSettings;
import io.lift.core.row.FormatGuess;
import io.lift.core.task.ArrayRule;
import io.lift.core.task.KeyType;
import io.lift.core.task.RowCondition;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.core.task.SourceKey;
import io.lift.kafka.TopicSample;
import io.lift.messages.HeaderValues;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How the records of a task's topics hold its rows. */
final class SourceOptions {
  private static final int SAMPLE = 20;

  @Option(
      names = "--format",
      converter = FormatConverter.class,
      paramLabel = "FORMAT",
      description =
          "What the records of the topic are: json, debezium, connect, cloudevents, avro, protobuf or"
              + " json-schema (default: found out from the first records).")
  private SourceFormat format;

  @Option(
      names = {"--keys", "--key"},
      paramLabel = "KEY",
      description =
          "What the keys of the rows are: text, long, int, json, json:FIELD, registry or"
              + " registry:FIELD; or value:FIELD, if a field of the row is its id (default: text;"
              + " json for debezium).")
  private String key;

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Records of the topic that do not meet the condition are no rows, e.g. 'op!=d' or"
              + " 'source.table=loans'; may be repeated.")
  private List<String> where = List.of();

  @Option(
      names = "--arrays",
      paramLabel = "RULE",
      description =
          "What becomes of arrays in rows of the topic: refuse, or count for the number of their"
              + " elements (default: refuse).")
  private ArrayRule arrays;

  /** Reads the name of a format. */
  static final class FormatConverter implements ITypeConverter<SourceFormat> {
    @Override
    public SourceFormat convert(String value) {
      try {
        return SourceFormat.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  SourceFormat format() {
    return format;
  }

  /** What the keys of the task's rows are, if that is all there is to say; otherwise text. */
  KeyType keys() {
    KeyType type = key == null ? null : checked().keyType();
    return type == null ? KeyType.TEXT : type;
  }

  /** Where a source has the ids of its rows; null if nothing is said, or the task's keys say it. */
  String key() {
    KeyType type = key == null ? null : checked().keyType();
    boolean number = type == KeyType.LONG || type == KeyType.INT;
    return key == null || number ? null : checked().toString();
  }

  private SourceKey checked() {
    try {
      return SourceKey.parse(key);
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage() + ".");
    }
  }

  /** The conditions, null if there are none. */
  List<String> where() {
    try {
      where.forEach(RowCondition::parse);
    } catch (IllegalArgumentException e) {
      throw new CliException(e, e.getMessage() + ".");
    }
    return where.isEmpty() ? null : where;
  }

  ArrayRule arrays() {
    return arrays;
  }

  /** Whether anything is said about topics. */
  boolean given() {
    boolean keyed = key != null && checked().keyType() == null;
    return format != null || arrays != null || !where.isEmpty() || keyed;
  }

  /**
   * A source whose records are read so.
   *
   * @param found the format that its first records have
   */
  Source apply(Source source, SourceFormat found) {
    SourceFormat used = format == null && found != SourceFormat.JSON ? found : format;
    return source.as(used, key(), where(), arrays);
  }

  /**
   * The format that the first records of a topic have; JSON if they tell nothing.
   *
   * @throws CliException if only a schema registry can tell
   */
  static SourceFormat found(ConnectionSettings kafka, String topic) {
    FormatGuess guess = new FormatGuess();
    TopicSample.read(kafka.client(), topic, SAMPLE)
        .forEach(
            record ->
                guess.add(record.value(), name -> HeaderValues.string(record.headers(), name)));
    if (guess.most().usesRegistry()) {
      throw new CliException(
          "The records of %s have schemas in a schema registry: say which, with --format avro,"
              + " protobuf, json-schema or debezium.",
          topic);
    }
    return guess.most();
  }
}
