package io.lift.formats.registry;

import static io.lift.formats.Records.bytes;
import static io.lift.formats.Records.record;
import static io.lift.formats.Records.refuses;
import static io.lift.formats.Records.source;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.lift.core.row.RejectReason;
import io.lift.core.row.RowRejectedException;
import io.lift.core.table.DeclaredField;
import io.lift.core.task.KeyType;
import io.lift.core.task.SourceFormat;
import io.lift.formats.SourceReader;
import io.lift.formats.SourceRow;
import io.lift.testing.RegistryServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Protobuf's own library has written. The whole service reads what Confluent's has. */
class ProtobufSchemaTest {
  private static final String HOME =
      "syntax = \"proto3\"; package bank; message Home { string city = 1; float rooms = 2; }";
  private static final String LOAN =
      """
      syntax = "proto3";
      package bank;
      import "google/protobuf/timestamp.proto";
      import "google/protobuf/duration.proto";
      import "google/protobuf/wrappers.proto";
      import "google/type/date.proto";
      import "google/type/timeofday.proto";
      import "confluent/meta.proto";
      import "confluent/type/decimal.proto";
      import "bank/home.proto";
      // the first message is not the one that is written
      message Header { string id = 1; }
      message Outer {
        message Loan {
          int32 years = 1;
          optional double rate = 2;
          uint64 large = 3;
          .confluent.type.Decimal income = 4 [(.confluent.field_meta).doc = "gross"];
          .google.type.Date born = 5;
          .google.type.TimeOfDay calls = 6;
          .google.protobuf.Timestamp seen = 7;
          .google.protobuf.Duration lasts = 8;
          .google.protobuf.Int64Value wrapped = 9;
          Grade grade = 10;
          bool owner = 11;
          Home home = 12;
          repeated string tags = 13;
          map<string, int64> more = 14;
          oneof either { int32 number = 15; string word = 16; }
          bytes photo = 17;
          string note = 18;
          optional int32 absent = 19;
          Loan inner = 20;
        }
        enum Grade { A = 0; B = 1; C = 2; }
      }
      """;
  private static final String VALUE =
      """
      years: 3 rate: 0.5 large: 18446744073709551615 income { value: "\\x01\\xe2\\x3a" scale: 2 }
      born { year: 2000 month: 2 day: 29 } calls { hours: 8 minutes: 30 }
      seen { seconds: 1795939200 } lasts { seconds: 1 nanos: 500000000 } wrapped { value: 7 }
      grade: B home { city: "Graz" rooms: 2.5 } tags: "a" tags: "b"
      more { key: "a" value: 1 } word: "x" photo: "xy"
      """;

  private final RegistryServer server = new RegistryServer();
  private final SchemaRegistry registry =
      new SchemaRegistry(RegistrySettings.of(List.of(server.url())));
  private final SourceReader reader =
      new SourceReader(source(SourceFormat.PROTOBUF, null), KeyType.TEXT, registry);
  private int id;

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void valuesAreReadByTheTypesOfTheirSchema() throws Exception {
    SourceRow row = reader.read(record(bytes("k"), written()));
    assertThat(row.values())
        .isEqualTo(
            Map.ofEntries(
                Map.entry("years", "3"),
                Map.entry("rate", "0.5"),
                Map.entry("large", "18446744073709551615"),
                Map.entry("income", "1234.50"),
                Map.entry("born", "2000-02-29"),
                Map.entry("calls", "8.5"),
                Map.entry("seen", "2026-11-29T08:00:00Z"),
                Map.entry("lasts", "1.5"),
                Map.entry("wrapped", "7"),
                Map.entry("grade", "B"),
                Map.entry("owner", "false"), // without presence, a field has its default
                Map.entry("home.city", "Graz"),
                Map.entry("home.rooms", "2.5"),
                Map.entry("more.a", "1"),
                Map.entry("word", "x"),
                Map.entry("note", "")));
    assertThat(row.arrays()).containsExactly("tags");
    assertThat(row.fields().get())
        .isEqualTo(
            Map.of(
                "rate", DeclaredField.NUMBER,
                "income", DeclaredField.NUMBER,
                "born", DeclaredField.DATE,
                "calls", DeclaredField.NUMBER,
                "seen", DeclaredField.DATE,
                "lasts", DeclaredField.NUMBER,
                "grade", DeclaredField.words(List.of("A", "B", "C")),
                "owner", DeclaredField.BOOLEAN,
                "home.rooms", DeclaredField.NUMBER));
  }

  @Test
  void aSchemaMayBeRegisteredAsItsDescriptor() throws Exception {
    byte[] text = written();
    String binary = Base64.getEncoder().encodeToString(compiled().toProto().toByteArray());
    int other = register("binary", binary);
    byte[] named = text.clone();
    ByteBuffer.wrap(named).putInt(1, other);
    assertThat(reader.read(record(bytes("k"), named)).values())
        .isEqualTo(reader.read(record(bytes("k"), text)).values());
  }

  @Test
  void fieldsThatALaterSchemaAddsAndDropsNeedNothingElse() throws Exception {
    int old = server.register("v", "PROTOBUF", "message A { required int32 a = 1; }", null);
    int later = server.register("v", "PROTOBUF", "message A { optional string b = 2; }", null);
    // a: 150 of the first schema, b: "x" of the second; a zero stands for the first message
    assertThat(values(old, 0, 8, (byte) 0x96, 1)).isEqualTo(Map.of("a", "150"));
    assertThat(values(later, 0, 18, 1, 'x')).isEqualTo(Map.of("b", "x"));
  }

  private Map<String, String> values(int schema, int... rest) throws Exception {
    ByteBuffer value = ByteBuffer.allocate(5 + rest.length).put((byte) 0).putInt(schema);
    for (int each : rest) {
      value.put((byte) each);
    }
    return reader.read(record(bytes("k"), value.array())).values();
  }

  @Test
  void damagedBytesAreRefusedHoweverTheyAreDamaged() throws Exception {
    byte[] good = written();
    for (int i = 5; i < good.length; i++) {
      for (int value : new int[] {0, 127, 255}) {
        byte[] damaged = good.clone();
        damaged[i] = (byte) value;
        tried(damaged);
      }
      tried(Arrays.copyOf(good, i));
    }
    refuses(
        reader,
        record(bytes("k"), Arrays.copyOf(good, good.length - 1)),
        RejectReason.INVALID_FORMAT,
        "does not fit the schema");
    byte[] nowhere = good.clone();
    nowhere[6] = 20;
    refuses(reader, record(bytes("k"), nowhere), RejectReason.INVALID_FORMAT, "not in the schema");
    int broken = register("broken", "message {");
    refuses(
        reader,
        record(bytes("k"), ByteBuffer.allocate(6).put((byte) 0).putInt(broken).array()),
        RejectReason.UNKNOWN_SCHEMA,
        "cannot be read");
    int lacking = register("lacking", "import \"gone.proto\"; message A {}");
    refuses(
        reader,
        record(bytes("k"), ByteBuffer.allocate(6).put((byte) 0).putInt(lacking).array()),
        RejectReason.UNKNOWN_SCHEMA,
        "imports gone.proto");
  }

  private void tried(byte[] value) throws Exception {
    try {
      reader.read(record(bytes("k"), value)).values();
    } catch (RowRejectedException e) {
      assertThat(e.reason()).isEqualTo(RejectReason.INVALID_FORMAT);
    }
  }

  private int register(String subject, String schema) throws IOException {
    server.register("home", "PROTOBUF", HOME, null);
    var references =
        new ObjectMapper()
            .readTree(bytes("[{'name':'bank/home.proto','subject':'home','version':1}]"));
    return server.register(subject, "PROTOBUF", schema, references);
  }

  private static FileDescriptor compiled() {
    return ProtobufFiles.compile(
        new RegisteredSchema(
            1, RegisteredSchema.Type.PROTOBUF, LOAN, Map.of("bank/home.proto", HOME)));
  }

  /** A value with the number of its schema and the place of its message, as Confluent writes it. */
  private byte[] written() throws IOException {
    id = register("loan", LOAN);
    Descriptor loan = compiled().findMessageTypeByName("Outer").findNestedTypeByName("Loan");
    DynamicMessage.Builder message = DynamicMessage.newBuilder(loan);
    TextFormat.merge(VALUE, message);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    out.write(new byte[] {4, 2, 0}); // two indexes, 1 and 0, each doubled
    out.write(message.build().toByteArray());
    return out.toByteArray();
  }
}
