package io.lift.formats.registry;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Loader;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles the text of Protobuf schemas. */
final class ProtobufFiles implements Loader {
  private static final String ROOT = "schema.proto";

  /** What schemas import without referring to it in the registry, as its clients have it. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "confluent/meta.proto",
          "syntax = \"proto3\"; package confluent; import \"google/protobuf/descriptor.proto\";"
              + " message Meta { string doc = 1; map<string, string> params = 2; repeated string tags"
              + " = 3; } extend google.protobuf.FileOptions { Meta file_meta = 1088; } extend"
              + " google.protobuf.MessageOptions { Meta message_meta = 1088; } extend"
              + " google.protobuf.FieldOptions { Meta field_meta = 1088; } extend"
              + " google.protobuf.EnumOptions { Meta enum_meta = 1088; } extend"
              + " google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; }",
          "confluent/type/decimal.proto",
          "syntax = \"proto3\"; package confluent.type; message Decimal { bytes value = 1; uint32"
              + " precision = 2; int32 scale = 3; }",
          "google/type/date.proto",
          "syntax = \"proto3\"; package google.type; message Date { int32 year = 1; int32 month = 2;"
              + " int32 day = 3; }",
          "google/type/timeofday.proto",
          "syntax = \"proto3\"; package google.type; message TimeOfDay { int32 hours = 1; int32"
              + " minutes = 2; int32 seconds = 3; int32 nanos = 4; }");

  private final Map<String, ProtoFile> files = new HashMap<>();
  private final Map<String, FileDescriptor> compiled = new HashMap<>();

  private ProtobufFiles() {}

  /**
   * Compiles a schema.
   *
   * @throws IllegalArgumentException if it cannot be compiled
   */
  static FileDescriptor compile(RegisteredSchema registered) {
    ProtobufFiles all = new ProtobufFiles();
    KNOWN.forEach(all::parse);
    registered.references().forEach(all::parse);
    all.parse(ROOT, registered.text());
    ErrorCollector errors = new ErrorCollector();
    Schema schema = new Linker(all, errors, true, true).link(List.of(all.files.get(ROOT)));
    errors.throwIfNonEmpty();
    return all.descriptor(schema, ROOT);
  }

  private void parse(String path, String text) {
    files.put(path, ProtoFile.Companion.get(ProtoParser.Companion.parse(Location.get(path), text)));
  }

  private FileDescriptor descriptor(Schema schema, String path) {
    FileDescriptor known = compiled.get(path);
    if (known != null) {
      return known;
    }
    ProtoFile file = schema.protoFile(path);
    if (file == null) {
      throw new IllegalArgumentException("it imports " + path + ", which is not in the registry");
    }
    FileDescriptor[] imports =
        file.getImports().stream()
            .map(each -> descriptor(schema, each))
            .toArray(FileDescriptor[]::new);
    FileDescriptor[] open =
        file.getPublicImports().stream()
            .map(each -> descriptor(schema, each))
            .toArray(FileDescriptor[]::new);
    FileDescriptor[] needed = new FileDescriptor[imports.length + open.length];
    System.arraycopy(imports, 0, needed, 0, imports.length);
    System.arraycopy(open, 0, needed, imports.length, open.length);
    try {
      byte[] bytes = new SchemaEncoder(schema).encode(file).toByteArray();
      FileDescriptor descriptor =
          FileDescriptor.buildFrom(FileDescriptorProto.parseFrom(bytes), needed);
      compiled.put(path, descriptor);
      return descriptor;
    } catch (InvalidProtocolBufferException | DescriptorValidationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public ProtoFile load(String path) {
    ProtoFile file = files.get(path);
    return file == null ? CoreLoader.INSTANCE.load(path) : file;
  }

  @Override
  public Loader withErrors(ErrorCollector errors) {
    return this;
  }
}
