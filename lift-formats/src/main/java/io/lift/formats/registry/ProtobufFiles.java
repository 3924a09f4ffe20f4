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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  /** What every compiler of Protobuf has. */
  private static final Set<String> CORE =
      Set.of(
          "google/protobuf/any.proto",
          "google/protobuf/descriptor.proto",
          "google/protobuf/duration.proto",
          "google/protobuf/empty.proto",
          "google/protobuf/struct.proto",
          "google/protobuf/timestamp.proto",
          "google/protobuf/wrappers.proto",
          "wire/extensions.proto");

  private final Map<String, ProtoFile> texts = new HashMap<>();
  private final Map<String, FileDescriptorProto> binaries = new HashMap<>();
  private final Map<String, FileDescriptor> compiled = new HashMap<>();

  private ProtobufFiles() {}

  /**
   * Compiles a schema: the text of a file, or its descriptor in base 64, which some clients
   * register.
   *
   * @throws IllegalArgumentException if it cannot be compiled
   */
  static FileDescriptor compile(RegisteredSchema registered) {
    ProtobufFiles all = new ProtobufFiles();
    KNOWN.forEach(all::add);
    registered.references().forEach(all::add);
    all.add(ROOT, registered.text());
    return all.descriptor(ROOT);
  }

  private void add(String path, String schema) {
    FileDescriptorProto binary = binary(schema);
    if (binary != null) {
      binaries.put(path, binary);
    } else {
      texts.put(
          path, ProtoFile.Companion.get(ProtoParser.Companion.parse(Location.get(path), schema)));
    }
  }

  /** A schema as the descriptor that it is in base 64; null if it is text. */
  private static FileDescriptorProto binary(String schema) {
    try {
      return FileDescriptorProto.parseFrom(Base64.getDecoder().decode(schema.strip()));
    } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
      return null;
    }
  }

  private FileDescriptor descriptor(String path) {
    FileDescriptor known = compiled.get(path);
    if (known != null) {
      return known;
    }
    FileDescriptorProto file = binaries.containsKey(path) ? binaries.get(path) : encoded(path);
    FileDescriptor[] imports =
        file.getDependencyList().stream().map(this::descriptor).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor descriptor = FileDescriptor.buildFrom(file, imports);
      compiled.put(path, descriptor);
      return descriptor;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private FileDescriptorProto encoded(String path) {
    ErrorCollector errors = new ErrorCollector();
    Schema schema = new Linker(this, errors, true, true).link(List.of(load(path)));
    errors.throwIfNonEmpty();
    try {
      return FileDescriptorProto.parseFrom(
          new SchemaEncoder(schema).encode(schema.protoFile(path)).toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  @Override
  public ProtoFile load(String path) {
    ProtoFile file = texts.get(path);
    if (file == null && !CORE.contains(path)) {
      throw new IllegalArgumentException("it imports " + path + ", which is not in the registry");
    }
    return file == null ? CoreLoader.INSTANCE.load(path) : file;
  }

  @Override
  public Loader withErrors(ErrorCollector errors) {
    return this;
  }
}
