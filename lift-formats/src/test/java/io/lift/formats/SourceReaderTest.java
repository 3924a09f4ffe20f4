package io.lift.formats;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.reader;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static io.lift.formats.Records.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.row.RejectReason;
import io.lift.core.task.ArrayRule;
import io.lift.core.task.KeyType;
import io.lift.core.task.Source;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class SourceReaderTest {
  private static final String ORDER =
      "{'id':7,'customer':{'name':'Ada','tags':['a','b']},'items':[1,2,3],'amount':12.50}";

  @Test
  void nestedObjectsHaveNamesWithDotsAndArraysAreCountedIfTheSourceSaysSo() throws Exception {
    assertThat(values(reader(source(null, null)), record("k", ORDER)))
        .isEqualTo(Map.of("id", "7", "customer.name", "Ada", "amount", "12.50"));
    Source counting = Source.of(Records.TOPIC).as(null, null, null, ArrayRule.COUNT);
    assertThat(values(reader(counting), record("k", ORDER)))
        .containsAllEntriesOf(Map.of("items", "3", "customer.tags", "2", "customer.name", "Ada"));
    refuses(reader(counting), record("k", "{'a':[1],'a':2}"), RejectReason.DUPLICATE_FIELD, "'a'");
    refuses(reader(counting), record("k", "[1]"), RejectReason.NOT_AN_OBJECT, "an array");
    refuses(reader(counting), record("k", null), RejectReason.NULL_VALUE, "no value");
  }

  @Test
  void recordsThatDoNotMeetTheConditionsAreNoRows() throws Exception {
    assertThat(values(reader(source(null, null, "amount>=12.5")), record("k", ORDER))).isNotNull();
    assertThat(values(reader(source(null, null, "amount<12.5")), record("k", ORDER))).isNull();
    assertThat(values(reader(source(null, null, "id=7", "customer.name!=Ada")), record("k", ORDER)))
        .isNull();
  }

  @Test
  void theIdOfARowIsTheKeyOrAFieldOfTheKeyOrOfTheRow() throws Exception {
    assertThat(id("text", bytes("order 7"))).isEqualTo("order 7");
    assertThat(id("long", ByteBuffer.allocate(8).putLong(7).array())).isEqualTo("7");
    assertThat(id("int", ByteBuffer.allocate(4).putInt(7).array())).isEqualTo("7");
    assertThat(id("json", bytes("{'id':7}"))).isEqualTo("7");
    assertThat(id("json", bytes("7"))).isEqualTo("7");
    assertThat(id("json", bytes("{'id':7,'part':'b'}"))).isEqualTo("{\"id\":7,\"part\":\"b\"}");
    assertThat(id("json:part", bytes("{'id':7,'part':'b'}"))).isEqualTo("b");
    assertThat(id("json:of.part", bytes("{'id':7,'of':{'part':'b'}}"))).isEqualTo("b");
    assertThat(
            id(
                "json:id",
                bytes(
                    "{'schema':{'type':'struct','fields':[{'type':'int64','field':'id'}]},"
                        + "'payload':{'id':7}}")))
        .isEqualTo("7");
    assertThat(id("value:id", null)).isEqualTo("7");
    assertThat(id("value:customer.name", bytes("any"))).isEqualTo("Ada");
  }

  @Test
  void aKeyThatIsNotAsTheSourceSaysIsRefused() {
    refuses(
        reader(source(null, "json:id")),
        record("{'no':7}", ORDER),
        RejectReason.NULL_KEY,
        "no field 'id'",
        "--keys json:id");
    refuses(
        reader(source(null, "json")),
        record("order 7", ORDER),
        RejectReason.INVALID_JSON,
        "Of the key",
        "read as json");
    refuses(
        reader(source(null, "value:order")),
        record(null, ORDER),
        RejectReason.NULL_KEY,
        "no field 'order'");
    refuses(
        reader(source(null, "registry")),
        record("order 7", ORDER),
        RejectReason.INVALID_FORMAT,
        "schema registry",
        "read as registry");
    refuses(
        reader(source(null, "value:x")),
        record(null, "{'x':'a\\u0000b'}"),
        RejectReason.INVALID_UTF8,
        "control characters");
  }

  private static String id(String key, byte[] bytes) throws Exception {
    SourceReader reader =
        new SourceReader(
            Source.of(Records.TOPIC).as(null, key, List.of(), null),
            KeyType.TEXT,
            new SchemaRegistry(RegistrySettings.none()));
    ConsumerRecord<byte[], byte[]> record = record(bytes, bytes(ORDER));
    return reader.id(record, reader.read(record));
  }
}
