package io.lift.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.CheckpointNames;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.ensemble.Ensemble;
import io.lift.model.incontext.StoredRows;
import io.lift.model.training.Checkpoint.Moments;
import io.lift.model.training.Checkpoint.Provenance;
import io.lift.model.training.Checkpoint.RoundPosition;
import io.lift.model.training.Checkpoint.State;
import io.lift.model.training.Checkpoint.Support;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {
  private static final Target TARGET = new Target("base", "language", "model");

  /** A matrix and a norm: P is 8. */
  private record Layout(List<Entry> entries, int size) implements FlatLayout {
    static final Layout SMALL =
        new Layout(
            List.of(
                new Entry("matrix", new long[] {2, 3}, 0), new Entry("norm", new long[] {2}, 6)),
            8);
  }

  private record Target(String base, String language, String inContextModel)
      implements CheckpointTarget {
    @Override
    public FlatLayout allWeights() {
      return Layout.SMALL;
    }

    @Override
    public AdapterLayout adapter(PeftConfig config, Iterable<String> tensors) {
      throw new AssertionError();
    }
  }

  @Test
  void everyPartOfACheckpointComesBackAsItWas() {
    Checkpoint read = CheckpointCodec.decode(TARGET, CheckpointCodec.encode(withinARound()));
    State state = withinARound().state();
    assertThat(read.state().parameters()).isEqualTo(state.parameters());
    assertThat(read.state().optimizer().first()).isEqualTo(state.optimizer().first());
    assertThat(read.state().optimizer().second()).isEqualTo(state.optimizer().second());
    assertThat(read.state().step()).isEqualTo(17);
    assertThat(read.state().rounds()).isEqualTo(new RoundPosition(2, 5, "rows"));
    assertThat(read.state().seed()).isEqualTo(-7);
    assertThat(read.provenance()).isEqualTo(withinARound().provenance());
    assertThat(read.support().rows().table()).isDeepEqualTo(new int[][] {{1, -1, 0}, {99, 2, 1}});
    assertThat(read.support().rows().texts()).containsExactly(List.of("a"), List.of("b"));
    assertThat(read.support().inContextModel()).isEqualTo("model");
    assertThat(read.support().context()).isEqualTo("{}");
    assertThat(CheckpointCodec.encode(read)).isEqualTo(CheckpointCodec.encode(withinARound()));
  }

  @Test
  void aCheckpointBetweenRoundsHasNoOptimizerStateAndNeedsNoSupport() {
    Checkpoint between = Checkpoint.initial(numbers(16), 3, withinARound().provenance());
    byte[] file = CheckpointCodec.encode(between);
    assertThat(Safetensors.read("file", file).tensors().keySet())
        .containsExactly("member.0.matrix", "member.0.norm", "member.1.matrix", "member.1.norm");
    Checkpoint read = CheckpointCodec.decode(TARGET, file);
    assertThat(read.state().optimizer()).isNull();
    assertThat(read.state().rounds()).isEqualTo(RoundPosition.START);
    assertThat(read.support()).isEqualTo(Support.NONE);
  }

  @Test
  void aCheckpointOfOtherOriginIsRejectedInOneSentence() {
    byte[] file = CheckpointCodec.encode(withinARound());
    rejected(new Target("x", "language", "model"), file, "another base: base, not x.");
    rejected(new Target("base", "x", "model"), file, "another language: language, not x.");
    rejected(new Target("base", "language", "x"), file, "another in-context model: model, not x.");
  }

  @Test
  void aFileOfAnotherFormatIsRejectedBeforeItsPartsAreRead() {
    byte[] file = edited(Map.of("format", "lift-checkpoint/2"), Map.of());
    rejected(TARGET, file, "written by another version of Lift (format 2, this version reads ");
  }

  @Test
  void metadataThatAreNoNumbersAreRejected() {
    for (String name : List.of("step", "rounds", "round_step", "seed")) {
      byte[] file = edited(Map.of(name, "many"), Map.of());
      rejected(TARGET, file, "the checkpoint has no valid " + name + " in its metadata.");
    }
    rejected(TARGET, edited(Map.of("step", "-1"), Map.of()), "no valid step");
    rejected(TARGET, edited(Map.of("ensemble", "[]"), Map.of()), "list of members cannot be read");
  }

  @Test
  void tensorsThatAreMissingOrOfAnotherShapeAreRejected() {
    Safetensors.Tensor wrong = new Safetensors.Tensor(new long[] {1}, new float[1]);
    rejected(
        TARGET,
        edited(Map.of(), Map.of("member.1.norm", wrong)),
        "the checkpoint lacks tensor member.1.norm of shape [2].");
    rejected(
        TARGET,
        edited(Map.of(), Map.of(CheckpointNames.secondMoment(0), wrong)),
        "the checkpoint lacks tensor optimizer.0.second_moment of shape [8].");
    rejected(
        TARGET,
        edited(Map.of(), Map.of(CheckpointNames.SUPPORT_SET, wrong)),
        "the checkpoint's support set is not a table.");
  }

  private static void rejected(CheckpointTarget target, byte[] file, String why) {
    assertThatThrownBy(() -> CheckpointCodec.decode(target, file))
        .isInstanceOf(InvalidCheckpointException.class)
        .hasMessageContaining(why);
  }

  /** The file of {@link #withinARound} with other metadata and tensors. */
  private static byte[] edited(
      Map<String, String> newMetadata, Map<String, Safetensors.Tensor> newTensors) {
    Safetensors file = Safetensors.read("file", CheckpointCodec.encode(withinARound()));
    Map<String, String> metadata = new TreeMap<>(file.metadata());
    metadata.putAll(newMetadata);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>(file.tensors());
    tensors.putAll(newTensors);
    return new Safetensors(metadata, tensors).toBytes();
  }

  private static Checkpoint withinARound() {
    return new Checkpoint(
        new State(
            numbers(16),
            new Moments(numbers(16), numbers(16)),
            17,
            new RoundPosition(2, 5, "rows"),
            -7),
        new Provenance(Layout.SMALL, Ensemble.of(2), "recipe", "base", "language"),
        new Support(
            new StoredRows(
                new int[][] {{1, -1, 0}, {99, 2, 1}}, List.of(List.of("a"), List.of("b"))),
            "model",
            "{}"));
  }

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i / 3f;
    }
    return numbers;
  }
}
