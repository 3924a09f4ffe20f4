package io.lift.formats.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The schemas of predictions in {@code docs/example} are those that are registered. */
class SchemaFilesTest {
  private static final Path EXAMPLES = Path.of("..", "docs", "example");

  @Test
  void theSchemaOfAvroIsDocumented() throws IOException {
    check("prediction.avsc", AvroWriter.schema(false).toString(true) + "\n");
  }

  @Test
  void theSchemaOfJsonIsDocumented() throws IOException {
    String schema =
        new ObjectMapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(JsonSchemaWriter.schema(false));
    check("prediction.schema.json", schema + "\n");
  }

  private static void check(String name, String schema) throws IOException {
    Path file = EXAMPLES.resolve(name);
    if (Boolean.getBoolean("lift.docs.write")) {
      Files.writeString(file, schema);
    }
    assertThat(Files.readString(file)).isEqualTo(schema);
  }
}
