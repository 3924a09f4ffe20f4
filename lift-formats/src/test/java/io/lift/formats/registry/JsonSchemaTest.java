package io.lift.formats.registry;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.core.row.RejectReason;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.KeyType;
import io.lift.core.task.SourceFormat;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.testing.RegistryServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  private static final String LOAN =
      """
      {'type':'object','properties':{
       'years':{'type':'integer'},'rate':{'oneOf':[{'type':'null'},{'type':'number'}]},
       'share':{'type':['number','null']},'either':{'type':['number','string']},
       'born':{'type':'string','format':'date'},'seen':{'type':'string','format':'date-time'},
       'changed':{'type':'integer','title':'org.apache.kafka.connect.data.Timestamp'},
       'grade':{'enum':['B','A',null]},'owner':{'type':'boolean'},
       'home':{'$ref':'#/definitions/home'},'work':{'$ref':'home.json#/properties/place'},
       'self':{'$ref':'#'},'tags':{'type':'array','items':{'type':'string'}}},
       'definitions':{'home':{'allOf':[{'type':'object',
         'properties':{'rooms':{'type':'number'}}}]}}}
      """;
  private static final String HOME =
      "{'properties':{'place':{'type':'object','properties':{'distance':{'type':'number'}}}}}";

  private final RegistryServer server = new RegistryServer();
  private final SourceReader reader =
      new SourceReader(
          source(SourceFormat.JSON_SCHEMA, null),
          KeyType.TEXT,
          new SchemaRegistry(RegistrySettings.of(List.of(server.url()))));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void typesAreThoseOfTheSchema() throws Exception {
    SourceRow row =
        reader.read(
            record(
                bytes("k"),
                written(
                    "{'years':3,'rate':0.50,'born':'2000-02-29','changed':1795939200000,"
                        + "'grade':'B','home':{'rooms':2},'tags':['a']}")));
    assertThat(row.values())
        .isEqualTo(
            Map.of(
                "years", "3",
                "rate", "0.50",
                "born", "2000-02-29",
                "changed", "2026-11-29T08:00:00Z",
                "grade", "B",
                "home.rooms", "2"));
    assertThat(row.arrays()).containsExactly("tags");
    assertThat(row.fields().get())
        .containsAllEntriesOf(
            Map.of(
                "rate", DeclaredField.NUMBER,
                "share", DeclaredField.NUMBER,
                "born", DeclaredField.DATE,
                "seen", DeclaredField.DATE,
                "changed", DeclaredField.DATE,
                "grade", DeclaredField.words(List.of("B", "A")),
                "owner", DeclaredField.BOOLEAN,
                "home.rooms", DeclaredField.NUMBER,
                "work.distance", DeclaredField.NUMBER,
                "self.rate", DeclaredField.NUMBER))
        .doesNotContainKeys("years", "either", "tags");
  }

  @Test
  void whatIsNoJsonIsRefused() throws Exception {
    refuses(reader, record(bytes("k"), written("{'a':")), RejectReason.INVALID_JSON, "not JSON");
    refuses(reader, record(bytes("k"), written("[1]")), RejectReason.NOT_AN_OBJECT, "array");
    refuses(reader, record("k", "{'a':1}"), RejectReason.INVALID_FORMAT, "--format json");
    int broken = server.register("broken", "JSON", "no JSON", null);
    byte[] value = ByteBuffer.allocate(7).put((byte) 0).putInt(broken).put(bytes("{}")).array();
    refuses(reader, record(bytes("k"), value), RejectReason.UNKNOWN_SCHEMA, "cannot be read");
  }

  private byte[] written(String json) throws Exception {
    server.register("home", "JSON", text(HOME), null);
    var references =
        new ObjectMapper().readTree(bytes("[{'name':'home.json','subject':'home','version':1}]"));
    int id = server.register("loan", "JSON", text(LOAN), references);
    byte[] bytes = bytes(json);
    return ByteBuffer.allocate(5 + bytes.length).put((byte) 0).putInt(id).put(bytes).array();
  }

  private static String text(String quoted) {
    return new String(bytes(quoted), StandardCharsets.UTF_8);
  }
}
