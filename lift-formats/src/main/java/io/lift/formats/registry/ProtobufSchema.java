package io.lift.formats.registry;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.lift.core.row.RowRejectedException;
import io.lift.core.task.SourceFormat;
import io.lift.formats.payload.Decoded;
import java.io.IOException;
import java.util.List;

/**
 * A schema of Protobuf. A value begins with the place of its message in the schema. It is read by
 * the schema that it was written with, so fields that a later schema adds or drops need nothing
 * else.
 */
final class ProtobufSchema implements ValueSchema {
  private static final int MAX_DEPTH = 32;

  private final FileDescriptor file;

  private ProtobufSchema(FileDescriptor file) {
    this.file = file;
  }

  /**
   * @throws RowRejectedException if the text is no schema
   */
  static ProtobufSchema of(RegisteredSchema registered) throws RowRejectedException {
    try {
      return new ProtobufSchema(ProtobufFiles.compile(registered));
    } catch (RuntimeException e) {
      throw Schemas.unreadable(registered, e);
    }
  }

  @Override
  public SourceFormat format() {
    return SourceFormat.PROTOBUF;
  }

  @Override
  public Decoded read(byte[] bytes, int from) throws RowRejectedException {
    try {
      CodedInputStream in = CodedInputStream.newInstance(bytes, from, bytes.length - from);
      Descriptor type = type(in);
      DynamicMessage message = DynamicMessage.parseFrom(type, in);
      in.checkLastTagWas(0);
      return new Decoded(ProtobufValues.json(message), () -> ProtobufValues.fields(type));
    } catch (IOException | RuntimeException e) {
      throw Schemas.unfit(e);
    }
  }

  /** The message that the value is: a list of indexes, from the outermost message inwards. */
  private Descriptor type(CodedInputStream in) throws IOException {
    int depth = in.readSInt32();
    if (depth < 0 || depth > MAX_DEPTH) {
      throw new IOException("it does not begin with the place of its message in the schema");
    }
    List<Descriptor> types = file.getMessageTypes();
    Descriptor type = depth == 0 ? at(types, 0) : null; // 0 stands for the first message
    for (int i = 0; i < depth; i++) {
      type = at(types, in.readSInt32());
      types = type.getNestedTypes();
    }
    return type;
  }

  private static Descriptor at(List<Descriptor> types, int index) throws IOException {
    if (index < 0 || index >= types.size()) {
      throw new IOException("it names a message that is not in the schema");
    }
    return types.get(index);
  }
}
