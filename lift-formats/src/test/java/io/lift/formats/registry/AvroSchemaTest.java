package io.lift.formats.registry;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.lift.core.row.RejectReason;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.KeyType;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.formats.Records;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.testing.RegistryServer;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Apicurio's serializer has written, with the numbers of schemas in Confluent's format. */
class AvroSchemaTest {
  private static final String LOAN =
      """
      {"type":"record","name":"Loan","namespace":"bank","fields":[
       {"name":"years","type":"int"},
       {"name":"rate","type":["null","double"]},
       {"name":"income","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
       {"name":"born","type":{"type":"int","logicalType":"date"}},
       {"name":"calls","type":{"type":"long","logicalType":"time-micros"}},
       {"name":"seen","type":{"type":"long","logicalType":"timestamp-millis"}},
       {"name":"local","type":{"type":"long","logicalType":"local-timestamp-micros"}},
       {"name":"changed","type":{"type":"long","connect.version":1,
         "connect.name":"io.debezium.time.MicroTimestamp"}},
       {"name":"zoned","type":["null",{"type":"string","connect.version":1,
         "connect.name":"io.debezium.time.ZonedTimestamp"}]},
       {"name":"free","type":{"type":"record","name":"VariableScaleDecimal",
         "namespace":"io.debezium.data","fields":[{"name":"scale","type":"int"},
         {"name":"value","type":"bytes"}]}},
       {"name":"grade","type":{"type":"enum","name":"Grade","symbols":["A","B","C"]}},
       {"name":"owner","type":"boolean"},
       {"name":"home","type":{"type":"record","name":"Home","fields":[
         {"name":"city","type":"string"},{"name":"rooms","type":"float"}]}},
       {"name":"tags","type":{"type":"array","items":"string"}},
       {"name":"more","type":{"type":"map","values":"long"}},
       {"name":"either","type":["int","string"]},
       {"name":"photo","type":{"type":"fixed","name":"Photo","size":2}}]}
      """;

  private final RegistryServer server = new RegistryServer();
  private final SchemaRegistry registry =
      new SchemaRegistry(RegistrySettings.of(List.of(server.url())));
  private final SourceReader reader =
      new SourceReader(source(SourceFormat.AVRO, "registry"), KeyType.TEXT, registry);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void valuesAreReadByTheLogicalTypesOfTheirSchema() throws Exception {
    SourceRow row = reader.read(record(bytes("k"), written(loan())));
    assertThat(row.values())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("years", "3"),
                Map.entry("rate", "0.5"),
                Map.entry("income", "1234.50"),
                Map.entry("born", "2000-02-29"),
                Map.entry("calls", "8.5"),
                Map.entry("seen", "2026-11-29T08:00:00Z"),
                Map.entry("local", "2026-11-29T08:00"),
                Map.entry("changed", "2026-11-29T08:00"),
                Map.entry("zoned", "2026-11-29T08:00:00Z"),
                Map.entry("free", "-0.125"),
                Map.entry("grade", "B"),
                Map.entry("owner", "true"),
                Map.entry("home.city", "Graz"),
                Map.entry("home.rooms", "2.5"),
                Map.entry("more.a", "1"),
                Map.entry("either", "x")));
    assertThat(row.arrays()).containsExactly("tags");
    assertThat(row.fields().get())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("rate", DeclaredField.NUMBER),
                Map.entry("income", DeclaredField.NUMBER),
                Map.entry("born", DeclaredField.DATE),
                Map.entry("calls", DeclaredField.NUMBER),
                Map.entry("seen", DeclaredField.DATE),
                Map.entry("local", DeclaredField.DATE),
                Map.entry("changed", DeclaredField.DATE),
                Map.entry("zoned", DeclaredField.DATE),
                Map.entry("free", DeclaredField.NUMBER),
                Map.entry("grade", DeclaredField.words(List.of("A", "B", "C"))),
                Map.entry("owner", DeclaredField.BOOLEAN),
                Map.entry("home.rooms", DeclaredField.NUMBER)));
  }

  @Test
  void eachRecordIsReadByTheSchemaThatItWasWrittenWith() throws Exception {
    Schema old = schema("{'name':'a','type':'int'},{'name':'b','type':'string'}");
    Schema later =
        schema("{'name':'c','type':['null','string'],'default':null},{'name':'a','type':'double'}");
    byte[] first = written(put(old, Map.of("a", 1, "b", "x")));
    byte[] second = written(put(later, Map.of("a", 1.5, "c", "y")));
    assertThat(reader.read(record(bytes("k"), first)).values())
        .isEqualTo(Map.of("a", "1", "b", "x"));
    assertThat(reader.read(record(bytes("k"), second)).values())
        .isEqualTo(Map.of("a", "1.5", "c", "y"));
    assertThat(reader.read(record(bytes("k"), first)).values())
        .isEqualTo(Map.of("a", "1", "b", "x"));
    assertThat(server.calls()).filteredOn(call -> call.startsWith("GET")).hasSize(2);
  }

  @Test
  void theIdOfARowMayBeInAKeyWithASchema() throws Exception {
    Schema key = schema("{'name':'id','type':'long'},{'name':'part','type':'string'}");
    byte[] bytes = written(put(key, Map.of("id", 7L, "part", "b")));
    var record = record(bytes, written(loan()));
    assertThat(id("registry:id", record)).isEqualTo("7");
    assertThat(id("registry", record)).isEqualTo("{\"id\":7,\"part\":\"b\"}");
    assertThat(id("json:part", record)).isEqualTo("b"); // bytes with a schema are no JSON
  }

  private String id(
      String key, org.apache.kafka.clients.consumer.ConsumerRecord<byte[], byte[]> record)
      throws Exception {
    SourceReader keyed = new SourceReader(source(SourceFormat.AVRO, key), KeyType.TEXT, registry);
    return keyed.id(record, keyed.read(record));
  }

  @Test
  void aChangeEventMayHaveASchemaInTheRegistry() throws Exception {
    Schema event =
        new Schema.Parser()
            .parse(
                new String(
                    bytes(
                        "{'type':'record','name':'Envelope','fields':["
                            + "{'name':'before','type':['null',{'type':'record','name':'Value','fields':["
                            + "{'name':'id','type':'long'},{'name':'at','type':{'type':'int',"
                            + "'connect.name':'io.debezium.time.Date'}}]}]},"
                            + "{'name':'after','type':['null','Value']},"
                            + "{'name':'op','type':'string'}]}")));
    Schema value = event.getField("after").schema().getTypes().get(1);
    GenericRecord after = put(value, Map.of("id", 7L, "at", 11_016));
    GenericRecord update = put(event, Map.of("after", after, "op", "u"));
    SourceReader events =
        new SourceReader(
            Source.of(Records.TOPIC).as(SourceFormat.DEBEZIUM, null, List.of("op!=r"), null),
            KeyType.TEXT,
            registry);
    SourceRow row = events.read(record(bytes("{'id':7}"), written(update)));
    assertThat(row.values()).isEqualTo(Map.of("id", "7", "at", "2000-02-29"));
    assertThat(row.fields().get()).isEqualTo(Map.of("at", DeclaredField.DATE));
    update.put("op", "r");
    assertThat(events.read(record(bytes("{'id':7}"), written(update)))).isNull();
  }

  @Test
  void damagedBytesAreRefusedHoweverTheyAreDamaged() {
    byte[] good = written(loan());
    for (int cut = 0; cut < good.length; cut++) {
      byte[] shorter = Arrays.copyOf(good, cut);
      refuses(reader, record(bytes("k"), shorter), RejectReason.INVALID_FORMAT);
    }
    byte[] longer = Arrays.copyOf(good, good.length + 1);
    refuses(reader, record(bytes("k"), longer), RejectReason.INVALID_FORMAT, "continues");
    refuses(reader, record("k", "{'a':1}"), RejectReason.INVALID_FORMAT, "--format json");
    // lengths of two gigabytes are not allocated
    byte[] huge = good.clone();
    for (int i = 6; i < huge.length - 5; i++) {
      System.arraycopy(new byte[] {-2, -1, -1, -1, 15}, 0, huge, i, 5);
      try {
        reader.read(record(bytes("k"), huge)).values();
      } catch (Exception e) {
        assertThat(e).isInstanceOf(io.lift.core.row.RowRejectedException.class);
      }
    }
  }

  @Test
  void aSchemaThatTheRegistryDoesNotHaveIsNamed() throws Exception {
    byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(77).putInt(1).array();
    refuses(reader, record(bytes("k"), bytes), RejectReason.UNKNOWN_SCHEMA, "number 77");
    refuses(reader, record(bytes("k"), bytes), RejectReason.UNKNOWN_SCHEMA, "number 77");
    assertThat(server.calls()).filteredOn(call -> call.endsWith("/77")).hasSize(1);
    int text = server.register("text", "JSON", "{\"type\":\"object\"}", null);
    byte[] other = ByteBuffer.allocate(7).put((byte) 0).putInt(text).put(bytes("{}")).array();
    refuses(reader, record(bytes("k"), other), RejectReason.INVALID_FORMAT, "--format json-schema");
    int broken = server.register("broken", "AVRO", "{\"type\":\"nothing\"}", null);
    byte[] unreadable = ByteBuffer.allocate(7).put((byte) 0).putInt(broken).array();
    refuses(reader, record(bytes("k"), unreadable), RejectReason.UNKNOWN_SCHEMA, "cannot be read");
  }

  @Test
  void aRegistryThatIsAwayIsNoFaultOfARecord() throws Exception {
    byte[] bytes = written(loan());
    server.failWith(503);
    assertThatThrownBy(() -> reader.read(record(bytes("k"), bytes)))
        .isInstanceOf(SchemaUnavailableException.class)
        .hasMessageContaining("status 503")
        .hasMessageContaining(server.url());
    server.failWith(404); // something else answers there
    assertThatThrownBy(() -> reader.read(record(bytes("k"), bytes)))
        .isInstanceOf(SchemaUnavailableException.class)
        .hasMessageContaining("no schema registry");
    server.failWith(0);
    assertThat(reader.read(record(bytes("k"), bytes)).values()).isNotEmpty();
    server.close();
    assertThat(reader.read(record(bytes("k"), bytes)).values()).isNotEmpty(); // it is known
    SourceReader anew =
        new SourceReader(
            source(SourceFormat.AVRO, null),
            KeyType.TEXT,
            new SchemaRegistry(RegistrySettings.of(List.of(server.url()))));
    assertThatThrownBy(() -> anew.read(record(bytes("k"), bytes)))
        .isInstanceOf(SchemaUnavailableException.class)
        .hasMessageContaining("does not answer");
    assertThatThrownBy(
            () -> Records.reader(source(SourceFormat.AVRO, null)).read(record(bytes("k"), bytes)))
        .isInstanceOf(SchemaUnavailableException.class)
        .hasMessageContaining("set lift.registry.url");
  }

  @Test
  void theRegistryMayAskForAUserOrAToken() throws Exception {
    byte[] bytes = written(loan());
    server.requireAuthorization("Basic bGlmdDpzZWNyZXQ=");
    assertThatThrownBy(() -> reader.read(record(bytes("k"), bytes)))
        .isInstanceOf(SchemaUnavailableException.class)
        .hasMessageContaining("refuses access")
        .hasMessageContaining("lift.registry.user");
    List<String> url = List.of("http://localhost:1", server.url() + "/"); // one replica is away
    RegistrySettings user = new RegistrySettings(url, "lift", "secret", null, null, 10);
    assertThat(readerOf(user).read(record(bytes("k"), bytes))).isNotNull();
    server.requireAuthorization("Bearer abc");
    RegistrySettings token = new RegistrySettings(url, null, null, "abc", null, 10);
    assertThat(readerOf(token).read(record(bytes("k"), bytes))).isNotNull();
  }

  private static SourceReader readerOf(RegistrySettings settings) {
    return new SourceReader(
        source(SourceFormat.AVRO, null), KeyType.TEXT, new SchemaRegistry(settings));
  }

  private static Schema schema(String fields) {
    return new Schema.Parser()
        .parse(
            new String(
                bytes("{'type':'record','name':'R','namespace':'x','fields':[" + fields + "]}")));
  }

  private static GenericRecord put(Schema schema, Map<String, Object> values) {
    GenericRecord record = new GenericData.Record(schema);
    values.forEach(record::put);
    return record;
  }

  private static GenericRecord loan() {
    Schema schema = new Schema.Parser().parse(LOAN);
    GenericRecord home =
        put(schema.getField("home").schema(), Map.of("city", "Graz", "rooms", 2.5f));
    GenericRecord free =
        put(
            schema.getField("free").schema(),
            Map.of("scale", 3, "value", ByteBuffer.wrap(new byte[] {-125})));
    GenericRecord loan = new GenericData.Record(schema);
    loan.put("years", 3);
    loan.put("rate", 0.5);
    loan.put("income", ByteBuffer.wrap(new BigDecimal("1234.50").unscaledValue().toByteArray()));
    loan.put("born", 11_016);
    loan.put("calls", 30_600_000_000L);
    loan.put("seen", 1_795_939_200_000L);
    loan.put("local", 1_795_939_200_000_000L);
    loan.put("changed", 1_795_939_200_000_000L);
    loan.put("zoned", "2026-11-29T08:00:00Z");
    loan.put("free", free);
    loan.put("grade", new GenericData.EnumSymbol(schema.getField("grade").schema(), "B"));
    loan.put("owner", true);
    loan.put("home", home);
    loan.put("tags", List.of("a", "b"));
    loan.put("more", Map.of("a", 1L));
    loan.put("either", "x");
    loan.put("photo", new GenericData.Fixed(schema.getField("photo").schema(), new byte[] {1, 2}));
    return loan;
  }

  private byte[] written(GenericRecord record) {
    try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(
          Map.of(
              "apicurio.registry.url",
              server.apicurioUrl(),
              "apicurio.registry.auto-register",
              true,
              "apicurio.registry.use-id",
              "contentId",
              "apicurio.registry.headers.enabled",
              false),
          false);
      return serializer.serialize(Records.TOPIC, record);
    }
  }
}
