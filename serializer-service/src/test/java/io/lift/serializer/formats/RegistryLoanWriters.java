package io.lift.serializer.formats;

import static io.lift.messages.HeaderValues.bytes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.testing.RegistryServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Avro's own library, and what Confluent's serializers for JavaScript have written. Quarkus does
 * not start beside Apicurio's serializer, which the tests of lift-formats and of the stack have.
 */
public final class RegistryLoanWriters {
  private RegistryLoanWriters() {}

  /**
   * Avro with the numbers of schemas, in keys too.
   *
   * @param name of the schema of the values
   */
  public static LoanWriter avro(RegistryServer registry, String name) {
    Schema key = SchemaBuilder.record("Key").fields().requiredLong("id").endRecord();
    Schema loan = loan(name);
    int keys = registry.register("loans-key", "AVRO", key.toString(), null);
    int values = registry.register("loans-value", "AVRO", loan.toString(), null);
    return (topic, number, row) -> {
      GenericRecord id = new GenericData.Record(key);
      id.put("id", (long) number);
      GenericRecord record = new GenericData.Record(loan);
      row.forEach(record::put);
      record.put(
          "group",
          new GenericData.EnumSymbol(loan.getField("group").schema(), row.get("group").toString()));
      return new ProducerRecord<>(topic, encoded(keys, id), encoded(values, record));
    };
  }

  private static byte[] encoded(int id, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<>(record.getSchema()).write(record, encoder);
    return out.toByteArray();
  }

  private static Schema loan(String name) {
    var fields = SchemaBuilder.record(name).fields();
    LoanTable.NUMBERS.forEach(fields::requiredLong);
    return fields
        .requiredString("car")
        .requiredString("zipcode")
        .name("group")
        .type()
        .enumeration("Group")
        .symbols("A", "B")
        .noDefault()
        .endRecord();
  }

  /**
   * What the npm package {@code @confluentinc/schemaregistry} has written, see {@code
   * src/test/reference/confluent.js}. The schema gets the number that this registry gives it.
   *
   * @param file of the recorded values
   */
  public static LoanWriter confluent(RegistryServer registry, String file) throws IOException {
    List<String> lines;
    String path = "/confluent/" + file + ".txt";
    try (InputStream in = RegistryLoanWriters.class.getResourceAsStream(path)) {
      lines = new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
    JsonNode schema = new ObjectMapper().readTree(lines.get(0));
    int id =
        registry.register(file, schema.get("type").asText(), schema.get("schema").asText(), null);
    return (topic, number, row) -> {
      byte[] value = Base64.getDecoder().decode(lines.get(1 + number));
      ByteBuffer.wrap(value).putInt(1, id);
      return new ProducerRecord<>(topic, bytes("loan-" + number), value);
    };
  }
}
