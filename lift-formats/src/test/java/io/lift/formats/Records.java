package io.lift.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.KeyType;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records of a topic, and what they are read as. */
public final class Records {
  public static final String TOPIC = "db.public.loans";
  private static final SchemaRegistry NONE = new SchemaRegistry(RegistrySettings.none());

  private Records() {}

  public static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
    return new ConsumerRecord<>(TOPIC, 0, 0, key, value);
  }

  public static ConsumerRecord<byte[], byte[]> record(String key, String value) {
    return record(bytes(key), bytes(value));
  }

  /** Text with single quotes for double ones. */
  public static byte[] bytes(String text) {
    return text == null ? null : text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  public static Source source(SourceFormat format, String key, String... where) {
    return Source.of(TOPIC).as(format, key, List.of(where), null);
  }

  public static SourceReader reader(Source source) {
    return new SourceReader(source, KeyType.TEXT, NONE);
  }

  /** The values of the row in a record; null if there is no row. */
  public static Map<String, String> values(
      SourceReader reader, ConsumerRecord<byte[], byte[]> record) throws Exception {
    SourceRow row = reader.read(record);
    return row == null ? null : row.values();
  }

  /** A record is refused for that reason, in a sentence that has these words. */
  public static void refuses(
      SourceReader reader,
      ConsumerRecord<byte[], byte[]> record,
      RejectReason reason,
      String... words) {
    RowRejectedException why =
        catchThrowableOfType(
            RowRejectedException.class,
            () -> {
              SourceRow row = reader.read(record);
              reader.id(record, row);
              row.values();
            });
    assertThat(why).isNotNull();
    assertThat(why.reason()).as(why.getMessage()).isEqualTo(reason);
    for (String word : words) {
      assertThat(why).hasMessageContaining(word);
    }
    assertThat(why.getMessage()).endsWith(".").doesNotContain("Exception", "org.apache", "\n");
  }
}
