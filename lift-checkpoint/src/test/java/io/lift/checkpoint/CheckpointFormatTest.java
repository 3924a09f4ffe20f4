package io.lift.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFormatTest {
  private static final Map<String, Safetensors.Tensor> TENSORS =
      Map.of("x", new Safetensors.Tensor(new long[] {2}, new float[] {1, 2}));

  @Test
  void aFileOfThisFormatIsRead() {
    Map<String, String> metadata = new HashMap<>();
    CheckpointFormat.write(metadata);
    Safetensors read = CheckpointFormat.read(new Safetensors(metadata, TENSORS).toBytes());
    assertThat(read.metadata()).isEqualTo(metadata);
    assertThat(read.tensors().get("x").data()).containsExactly(1, 2);
  }

  @Test
  void aFileOfAnotherFormatIsRejectedInOneSentenceThatSaysWhatToDo(@TempDir Path folder) {
    for (int other : new int[] {CheckpointFormat.NUMBER - 1, CheckpointFormat.NUMBER + 1}) {
      byte[] file = file("lift-checkpoint/" + other);
      String why =
          "the checkpoint was written by another version of Lift (format %d, this version reads %d): delete the task and create it anew, or use the version that wrote it."
              .formatted(other, CheckpointFormat.NUMBER);
      assertThatThrownBy(() -> CheckpointFormat.read(file))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessage(why);
      assertThatThrownBy(() -> CheckpointExport.write(file, folder))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessage(why);
    }
  }

  @Test
  void aFileThatIsNoCheckpointIsRejected() {
    for (String format : new String[] {"pt", "lift-checkpoint", "lift-checkpoint/x"}) {
      assertThatThrownBy(() -> CheckpointFormat.read(file(format)))
          .isInstanceOf(InvalidCheckpointException.class)
          .hasMessage("the file is not a checkpoint of Lift.");
    }
    byte[] unnamed = new Safetensors(Map.of(), TENSORS).toBytes();
    assertThatThrownBy(() -> CheckpointFormat.read(unnamed))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessage("the file is not a checkpoint of Lift.");
  }

  @Test
  void aDamagedFileIsRejected() {
    assertThatThrownBy(() -> CheckpointFormat.read(new byte[100]))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining("the checkpoint");
  }

  private static byte[] file(String format) {
    return new Safetensors(Map.of("format", format), TENSORS).toBytes();
  }
}
