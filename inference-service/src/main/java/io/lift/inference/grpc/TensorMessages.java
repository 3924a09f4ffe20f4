package io.lift.inference.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import io.lift.inference.calls.CallException;
import io.lift.inference.calls.CallException.Kind;
import io.lift.inference.protocol.DataType;
import io.lift.inference.protocol.InferRequest;
import io.lift.inference.protocol.InferResponse;
import io.lift.inference.protocol.RawContents;
import io.lift.inference.protocol.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Calls and answers as messages of gRPC. */
final class TensorMessages {
  private TensorMessages() {}

  /**
   * Reads a call.
   *
   * @throws CallException if its tensors cannot be read
   */
  static InferRequest request(ModelInferRequest message) throws CallException {
    boolean raw = isRaw(message);
    if (raw && message.getRawInputContentsCount() != message.getInputsCount()) {
      throw new CallException(
          Kind.INVALID,
          "the call has %d inputs and the raw contents of %d"
              .formatted(message.getInputsCount(), message.getRawInputContentsCount()));
    }
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < message.getInputsCount(); i++) {
      InferInputTensor input = message.getInputs(i);
      if (raw && input.hasContents()) {
        throw new CallException(
            Kind.INVALID,
            "input %s has contents beside its raw contents".formatted(input.getName()));
      }
      DataType type = DataType.of(input.getName(), input.getDatatype());
      List<Object> elements =
          raw
              ? RawContents.read(
                  input.getName(), type, message.getRawInputContents(i).asReadOnlyByteBuffer())
              : elements(input.getName(), type, input.getContents());
      inputs.add(new Tensor(input.getName(), type, List.copyOf(input.getShapeList()), elements));
    }
    return new InferRequest(
        message.getId(),
        parameters(message.getParametersMap()),
        inputs,
        message.getOutputsList().stream()
            .map(output -> new InferRequest.Output(output.getName()))
            .toList());
  }

  private static Map<String, Object> parameters(Map<String, InferParameter> given) {
    Map<String, Object> parameters = new HashMap<>();
    given.forEach((name, parameter) -> parameters.put(name, value(parameter)));
    return parameters;
  }

  private static Object value(InferParameter parameter) {
    return switch (parameter.getParameterChoiceCase()) {
      case BOOL_PARAM -> parameter.getBoolParam();
      case INT64_PARAM -> parameter.getInt64Param();
      case STRING_PARAM -> parameter.getStringParam();
      case DOUBLE_PARAM -> parameter.getDoubleParam();
      case UINT64_PARAM -> parameter.getUint64Param();
      case PARAMETERCHOICE_NOT_SET -> null;
    };
  }

  private static boolean isRaw(ModelInferRequest message) {
    return message.getRawInputContentsCount() > 0;
  }

  private static List<Object> elements(String name, DataType type, InferTensorContents contents)
      throws CallException {
    List<Object> elements = new ArrayList<>();
    switch (type) {
      case BOOL -> elements.addAll(contents.getBoolContentsList());
      case INT8, INT16, INT32 -> elements.addAll(contents.getIntContentsList());
      case INT64 -> elements.addAll(contents.getInt64ContentsList());
      case UINT8, UINT16, UINT32 ->
          contents
              .getUintContentsList()
              .forEach(bits -> elements.add(Integer.toUnsignedLong(bits)));
      case UINT64 ->
          contents.getUint64ContentsList().forEach(bits -> elements.add(DataType.unsigned(bits)));
      case FP32 ->
          contents.getFp32ContentsList().forEach(number -> elements.add(DataType.shortest(number)));
      case FP64 -> elements.addAll(contents.getFp64ContentsList());
      case FP16 ->
          throw new CallException(
              Kind.INVALID, "input %s: FP16 needs raw contents".formatted(name));
      case BYTES -> {
        for (ByteString bytes : contents.getBytesContentsList()) {
          elements.add(RawContents.text(name, elements.size(), bytes.asReadOnlyByteBuffer()));
        }
      }
    }
    return elements;
  }

  /** Writes the answer to a call, in raw contents if the call had them. */
  static ModelInferResponse response(InferResponse response, ModelInferRequest call) {
    ModelInferResponse.Builder message =
        ModelInferResponse.newBuilder()
            .setModelName(response.modelName())
            .setModelVersion(response.modelVersion())
            .setId(call.getId());
    for (Tensor output : response.outputs()) {
      InferOutputTensor.Builder tensor =
          InferOutputTensor.newBuilder()
              .setName(output.name())
              .setDatatype(output.datatype())
              .addAllShape(output.shape());
      if (output.parameters() != null) {
        output.parameters().forEach((name, value) -> tensor.putParameters(name, parameter(value)));
      }
      if (isRaw(call)) {
        message.addRawOutputContents(
            UnsafeByteOperations.unsafeWrap(RawContents.write(output.data())));
      } else {
        tensor.setContents(contents(output.data()));
      }
      message.addOutputs(tensor);
    }
    return message.build();
  }

  private static InferParameter parameter(Object value) {
    InferParameter.Builder parameter = InferParameter.newBuilder();
    return value instanceof Double number
        ? parameter.setDoubleParam(number).build()
        : parameter.setStringParam((String) value).build();
  }

  private static InferTensorContents contents(List<Object> elements) {
    InferTensorContents.Builder contents = InferTensorContents.newBuilder();
    for (Object element : elements) {
      if (element instanceof Boolean flag) {
        contents.addBoolContents(flag);
      } else if (element instanceof Double number) {
        contents.addFp64Contents(number);
      } else {
        contents.addBytesContents(ByteString.copyFromUtf8((String) element));
      }
    }
    return contents.build();
  }
}
