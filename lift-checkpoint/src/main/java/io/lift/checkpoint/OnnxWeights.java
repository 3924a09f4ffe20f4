package io.lift.checkpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights in an ONNX file that PyTorch exported, under the names that the model's own files
 * give them. The exporter stores the matrix of a linear layer transposed and without its name. The
 * name of the product that reads it still says which layer it is: {@code
 * /encoder/layer.0/output/dense/MatMul}. Only float32 tensors are read, see <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a> for the format.
 */
public final class OnnxWeights {
  // field numbers of onnx.proto
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_NAME = 3;
  private static final int NODE_TYPE = 4;
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;

  private static final int FLOAT = 1;
  private static final String PRODUCT = "MatMul";
  private static final String WEIGHT = ".weight";

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  /**
   * A tensor as the model's own files have it.
   *
   * @param name e.g. {@code encoder.layer.0.output.dense.weight}
   * @param shape its dimensions; (out, in) for a matrix of a linear layer
   * @param raw its numbers as the file has them, little-endian
   * @param transposed whether these are in the order (in, out)
   */
  public record Tensor(String name, long[] shape, ByteString raw, boolean transposed) {
    /** All numbers, in the order of the shape. */
    public float[] floats() {
      FloatBuffer stored =
          raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      float[] numbers = new float[stored.remaining()];
      if (!transposed) {
        stored.get(numbers);
        return numbers;
      }
      int out = (int) shape[0];
      int in = (int) shape[1];
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          numbers[o * in + i] = stored.get(i * out + o);
        }
      }
      return numbers;
    }
  }

  private OnnxWeights(byte[] file) throws IOException {
    Map<String, String> modules = new HashMap<>(); // of the matrices, by the names in the file
    List<Tensor> stored = new ArrayList<>();
    Message model = Message.read(UnsafeByteOperations.unsafeWrap(file));
    for (ByteString graph : model.all(MODEL_GRAPH)) {
      Message parts = Message.read(graph);
      for (ByteString node : parts.all(GRAPH_NODE)) {
        addModule(Message.read(node), modules);
      }
      for (ByteString tensor : parts.all(GRAPH_INITIALIZER)) {
        add(Message.read(tensor), stored);
      }
    }
    for (Tensor each : stored) {
      String module = modules.get(each.name());
      boolean matrix = module != null && each.shape().length == 2;
      long[] shape = each.shape();
      Tensor named =
          matrix
              ? new Tensor(module + WEIGHT, new long[] {shape[1], shape[0]}, each.raw(), true)
              : each;
      tensors.put(named.name(), named);
    }
    if (tensors.isEmpty()) {
      throw new IOException("it holds no weights");
    }
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for messages
   * @throws InvalidModelException if it is not an ONNX model
   */
  public static OnnxWeights read(String name, byte[] file) {
    try {
      return new OnnxWeights(file);
    } catch (IOException e) {
      throw new InvalidModelException(name + " is not an ONNX model: " + e.getMessage());
    }
  }

  /** All float32 tensors, in the order of the file. */
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  private static void addModule(Message node, Map<String, String> modules) throws IOException {
    List<ByteString> inputs = node.all(NODE_INPUT);
    String name = node.text(NODE_NAME);
    int end = name.lastIndexOf('/');
    if (node.text(NODE_TYPE).equals(PRODUCT) && inputs.size() == 2 && end > 0) {
      modules.put(inputs.get(1).toStringUtf8(), name.substring(1, end).replace('/', '.'));
    }
  }

  private static void add(Message tensor, List<Tensor> stored) throws IOException {
    if (tensor.number(TENSOR_TYPE) != FLOAT) {
      return;
    }
    long[] shape = tensor.numbers(TENSOR_DIMS).stream().mapToLong(Long::longValue).toArray();
    ByteString raw = tensor.all(TENSOR_RAW).stream().findFirst().orElse(ByteString.EMPTY);
    String name = tensor.text(TENSOR_NAME);
    long count = Arrays.stream(shape).reduce(1, (x, y) -> x * y);
    if (raw.size() != count * Float.BYTES) {
      throw new IOException("tensor " + TensorHeader.shortened(name) + " is incomplete");
    }
    stored.add(new Tensor(name, shape, raw, false));
  }

  /** The fields of one protobuf message by number. Bytes are views of the file. */
  private record Message(Map<Integer, List<ByteString>> bytes, Map<Integer, List<Long>> values) {
    static Message read(ByteString message) throws IOException {
      Message read = new Message(new HashMap<>(), new HashMap<>());
      CodedInputStream in = message.newCodedInput();
      in.enableAliasing(true);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        int field = WireFormat.getTagFieldNumber(tag);
        switch (WireFormat.getTagWireType(tag)) {
          case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
              read.bytes.computeIfAbsent(field, any -> new ArrayList<>()).add(in.readBytes());
          case WireFormat.WIRETYPE_VARINT ->
              read.values.computeIfAbsent(field, any -> new ArrayList<>()).add(in.readInt64());
          default -> in.skipField(tag);
        }
      }
      return read;
    }

    List<ByteString> all(int field) {
      return bytes.getOrDefault(field, List.of());
    }

    /** The last of a text field; empty for none. */
    String text(int field) {
      List<ByteString> all = all(field);
      return all.isEmpty() ? "" : all.get(all.size() - 1).toStringUtf8();
    }

    /** The last of a number field; 0 for none. */
    long number(int field) {
      List<Long> all = values.getOrDefault(field, List.of());
      return all.isEmpty() ? 0 : all.get(all.size() - 1);
    }

    /** All of a number field, packed or not. */
    List<Long> numbers(int field) throws IOException {
      List<Long> numbers = new ArrayList<>(values.getOrDefault(field, List.of()));
      for (ByteString packed : all(field)) {
        CodedInputStream in = packed.newCodedInput();
        while (!in.isAtEnd()) {
          numbers.add(in.readInt64());
        }
      }
      return numbers;
    }
  }
}
