package io.lift.formats.event;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.reader;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static io.lift.formats.Records.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.data.Enum;
import io.debezium.data.Envelope;
import io.debezium.data.VariableScaleDecimal;
import io.debezium.time.IsoDate;
import io.debezium.time.MicroTime;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.NanoTimestamp;
import io.debezium.time.Timestamp;
import io.debezium.time.ZonedTime;
import io.debezium.time.ZonedTimestamp;
import io.lift.core.row.RejectReason;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.SourceFormat;
import io.lift.formats.Records;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Debezium's own schemas and Kafka Connect's own converter have written. */
class ChangeEventsTest {
  private static final Schema LOAN =
      SchemaBuilder.struct()
          .name("server.public.loans.Value")
          .optional()
          .field("id", Schema.INT64_SCHEMA)
          .field("precise", Decimal.builder(2).optional().build())
          .field("variable", VariableScaleDecimal.builder().optional().build())
          .field("text", Schema.OPTIONAL_STRING_SCHEMA)
          .field("twice", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("born", io.debezium.time.Date.builder().optional().build())
          .field("iso", IsoDate.builder().optional().build())
          .field("calls", MicroTime.builder().optional().build())
          .field("zoned_calls", ZonedTime.builder().optional().build())
          .field("millis", Timestamp.builder().optional().build())
          .field("micros", MicroTimestamp.builder().optional().build())
          .field("nanos", NanoTimestamp.builder().optional().build())
          .field("zoned", ZonedTimestamp.builder().optional().build())
          .field("grade", Enum.builder("A,B,C").optional().build())
          .field("letter", Schema.OPTIONAL_STRING_SCHEMA)
          .build();
  private static final Schema ORIGIN =
      SchemaBuilder.struct().name("source").field("table", Schema.STRING_SCHEMA).build();
  private static final Envelope EVENT =
      Envelope.defineSchema()
          .withName("server.public.loans.Envelope")
          .withRecord(LOAN)
          .withSource(ORIGIN)
          .build();
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

  private final SourceReader reader = reader(source(SourceFormat.DEBEZIUM, null));

  @Test
  void theStateAfterAChangeIsTheRowAndItsValuesAreReadByTheirSemanticTypes() throws Exception {
    SourceRow row = reader.read(record(bytes("{'id':7}"), written(created(), true)));
    assertThat(row.values())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("id", "7"),
                Map.entry("precise", "1234.50"),
                Map.entry("variable", "-0.125"),
                Map.entry("text", "1234.50"),
                Map.entry("twice", "1234.5"),
                Map.entry("born", "2000-02-29"),
                Map.entry("iso", "2000-02-29"),
                Map.entry("calls", "8.5"),
                Map.entry("zoned_calls", "8.5"),
                Map.entry("millis", "2026-11-29T08:00:00.250"),
                Map.entry("micros", "2026-11-29T08:00"),
                Map.entry("nanos", "2026-11-29T08:00"),
                Map.entry("zoned", "2026-11-29T08:00:00Z"),
                Map.entry("grade", "B")));
    assertThat(row.fields().get())
        .containsEntry("precise", DeclaredField.NUMBER)
        .containsEntry("variable", DeclaredField.NUMBER)
        .containsEntry("born", DeclaredField.DATE)
        .containsEntry("iso", DeclaredField.DATE)
        .containsEntry("calls", DeclaredField.NUMBER)
        .containsEntry("micros", DeclaredField.DATE)
        .containsEntry("grade", DeclaredField.words(List.of("A", "B", "C")))
        .doesNotContainKeys("id", "text", "op");
  }

  @Test
  void withoutASchemaValuesAreAsTheyAreWritten() throws Exception {
    Map<String, String> row = values(reader, record(bytes("{'id':7}"), written(created(), false)));
    assertThat(row)
        .containsEntry("id", "7")
        .containsEntry("variable", "-0.125")
        .containsEntry("text", "1234.50")
        .containsEntry("twice", "1234.5")
        .containsEntry("zoned", "2026-11-29T08:00:00Z")
        .containsEntry("born", "11016"); // days, which no schema says
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void insertsReadsAndUpdatesAreRowsAndDeletionsAreNot(boolean schema) throws Exception {
    Struct loan = loan();
    Struct origin = new Struct(ORIGIN).put("table", "loans");
    assertThat(value(EVENT.read(loan, origin, NOW), schema)).isNotNull();
    assertThat(value(EVENT.create(loan, origin, NOW), schema)).isNotNull();
    assertThat(value(EVENT.update(loan, loan, origin, NOW), schema)).isNotNull();
    assertThat(value(EVENT.delete(loan, origin, NOW), schema)).isNull();
    assertThat(value(EVENT.truncate(origin, NOW), schema)).isNull();
    assertThat(values(reader, record("{'id':7}", null))).isNull();
    assertThat(values(reader, record("{'id':7}", "{'schema':null,'payload':null}"))).isNull();
  }

  @Test
  void aValueThatDebeziumDoesNotKnowIsMissing() throws Exception {
    String event =
        "{'op':'u','after':{'id':7,'note':'__debezium_unavailable_value',"
            + "'photo':'X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ==',"
            + "'tags':['__debezium_unavailable_value']}}";
    SourceRow row = reader.read(record("{'id':7}", event));
    assertThat(row.values()).isEqualTo(Map.of("id", "7"));
    assertThat(row.arrays()).isEmpty();
  }

  @Test
  void conditionsNameFieldsOfTheEventOrOfTheRow() throws Exception {
    byte[] event = written(created(), true);
    for (String held :
        List.of(
            "op!=d", "op=c", "source.table=loans", "after.grade=B", "grade=B", "precise>1000")) {
      assertThat(value(event, held)).as(held).isNotNull();
    }
    for (String failed : List.of("op=r", "source.table!=loans", "grade=A", "before.id=7")) {
      assertThat(value(event, failed)).as(failed).isNull();
    }
  }

  @Test
  void theIdOfTheRowIsInItsJsonKey() throws Exception {
    Schema key = SchemaBuilder.struct().name("key").field("id", Schema.INT64_SCHEMA).build();
    for (boolean schema : new boolean[] {true, false}) {
      JsonConverter keys = new JsonConverter();
      keys.configure(Map.of("schemas.enable", schema), true);
      byte[] bytes = keys.fromConnectData(Records.TOPIC, key, new Struct(key).put("id", 7L));
      var record = record(bytes, written(created(), schema));
      assertThat(reader.id(record, reader.read(record))).isEqualTo("7");
    }
  }

  @Test
  void whatIsNoChangeEventIsRefusedWithWhatToDo() {
    refuses(
        reader, record("{'id':7}", "{'id':7,'income':3}"), RejectReason.INVALID_FORMAT, "no op");
    refuses(
        reader, record("{'id':7}", "{'op':'x','after':{}}"), RejectReason.INVALID_FORMAT, "op 'x'");
    refuses(
        reader,
        record("{'id':7}", "{'op':'u','after':null}"),
        RejectReason.INVALID_FORMAT,
        "state");
    refuses(reader, record("{'id':7}", "not JSON"), RejectReason.INVALID_JSON, "not JSON");
    refuses(reader, record("{'id':7}", "[]"), RejectReason.NOT_AN_OBJECT, "an array");
    refuses(
        reader,
        record("no JSON", "{'op':'c','after':{'id':7}}"),
        RejectReason.INVALID_JSON,
        "Of the key");
  }

  private Map<String, String> value(Struct event, boolean schema) throws Exception {
    return values(reader, record(bytes("{'id':7}"), written(event, schema)));
  }

  private static Map<String, String> value(byte[] event, String where) throws Exception {
    return values(
        reader(source(SourceFormat.DEBEZIUM, null, where)), record(bytes("{'id':7}"), event));
  }

  private static Struct created() {
    return EVENT.create(loan(), new Struct(ORIGIN).put("table", "loans"), NOW);
  }

  private static Struct loan() {
    long seconds = NOW.getEpochSecond();
    return new Struct(LOAN)
        .put("id", 7L)
        .put("precise", new BigDecimal("1234.50"))
        .put(
            "variable",
            VariableScaleDecimal.fromLogical(
                LOAN.field("variable").schema(), new BigDecimal("-0.125")))
        .put("text", "1234.50")
        .put("twice", 1234.5)
        .put("born", 11_016)
        .put("iso", "2000-02-29Z")
        .put("calls", 30_600_000_000L)
        .put("zoned_calls", "08:30:00Z")
        .put("millis", seconds * 1_000 + 250)
        .put("micros", seconds * 1_000_000)
        .put("nanos", seconds * 1_000_000_000)
        .put("zoned", "2026-11-29T08:00:00Z")
        .put("grade", "B");
  }

  private static byte[] written(Struct event, boolean schema) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", schema), false);
    return converter.fromConnectData(Records.TOPIC, event.schema(), event);
  }
}
