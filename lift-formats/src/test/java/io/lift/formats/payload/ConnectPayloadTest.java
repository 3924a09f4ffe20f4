package io.lift.formats.payload;

import static io.lift.formats.Records.reader;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.row.RejectReason;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.SourceFormat;
import io.lift.formats.Records;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka Connect's own converter has written. */
class ConnectPayloadTest {
  private static final Schema HOME =
      SchemaBuilder.struct().field("city", Schema.STRING_SCHEMA).build();
  private static final Schema LOAN =
      SchemaBuilder.struct()
          .name("loan")
          .field("income", Decimal.builder(2).optional().build())
          .field("rate", Schema.FLOAT64_SCHEMA)
          .field("share", Schema.FLOAT32_SCHEMA)
          .field("years", Schema.INT32_SCHEMA)
          .field("owner", Schema.BOOLEAN_SCHEMA)
          .field("born", org.apache.kafka.connect.data.Date.SCHEMA)
          .field("seen", Timestamp.SCHEMA)
          .field("calls", Time.SCHEMA)
          .field("home", HOME)
          .field("tags", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
          .field("more", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build())
          .field("photo", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("note", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private final SourceReader reader = reader(source(SourceFormat.CONNECT, null));

  @ParameterizedTest
  @ValueSource(strings = {"base64", "numeric"})
  void decimalsDatesAndNestedFieldsAreReadByTheSchema(String decimals) throws Exception {
    SourceRow row = reader.read(record(bytes("k"), written(decimals)));
    assertThat(row.values())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("income", "1234.50"),
                Map.entry("rate", "0.1"),
                Map.entry("share", "0.1"),
                Map.entry("years", "3"),
                Map.entry("owner", "true"),
                Map.entry("born", "1969-12-31"),
                Map.entry("seen", "2026-11-29T08:00:00.500Z"),
                Map.entry("calls", "8.5"),
                Map.entry("home.city", "Graz"),
                Map.entry("more.a", "1")));
    assertThat(row.arrays()).containsExactly("tags");
    assertThat(row.fields().get())
        .isEqualTo(
            Map.of(
                "income", DeclaredField.NUMBER,
                "rate", DeclaredField.NUMBER,
                "share", DeclaredField.NUMBER,
                "owner", DeclaredField.BOOLEAN,
                "born", DeclaredField.DATE,
                "seen", DeclaredField.DATE,
                "calls", DeclaredField.NUMBER));
  }

  @Test
  void aPayloadWithoutASchemaIsReadAsItIs() throws Exception {
    assertThat(Records.values(reader, record("k", "{'schema':null,'payload':{'a':1.50}}")))
        .isEqualTo(Map.of("a", "1.50"));
  }

  @Test
  void whatIsNoPayloadIsRefusedWithWhatToDo() {
    refuses(
        reader, record("k", "{'a':1}"), RejectReason.INVALID_FORMAT, "--format json", "schemas");
    refuses(reader, record("k", "{'schema':"), RejectReason.INVALID_JSON, "not JSON");
    refuses(
        reader,
        record("k", "{'schema':{'type':'int32'},'payload':'x'}"),
        RejectReason.INVALID_FORMAT,
        "does not fit its schema");
    refuses(
        reader,
        record("k", "{'schema':{'type':'strange'},'payload':{}}"),
        RejectReason.INVALID_FORMAT,
        "strange");
    refuses(
        reader,
        record("k", "{'schema':{'type':'int32'},'payload':1}"),
        RejectReason.NOT_AN_OBJECT,
        "number");
  }

  private static byte[] written(String decimals) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", true, "decimal.format", decimals), false);
    Struct loan =
        new Struct(LOAN)
            .put("income", new BigDecimal("1234.50"))
            .put("rate", 0.1)
            .put("share", 0.1f)
            .put("years", 3)
            .put("owner", true)
            .put("born", new Date(-86_400_000L))
            .put("seen", Date.from(Instant.parse("2026-11-29T08:00:00.500Z")))
            .put("calls", new Date(8 * 3_600_000L + 1_800_000L))
            .put("home", new Struct(HOME).put("city", "Graz"))
            .put("tags", List.of("a", "b"))
            .put("more", Map.of("a", 1))
            .put("photo", new byte[] {1, 2});
    return converter.fromConnectData(Records.TOPIC, LOAN, loan);
  }

  private static byte[] bytes(String text) {
    return Records.bytes(text);
  }
}
