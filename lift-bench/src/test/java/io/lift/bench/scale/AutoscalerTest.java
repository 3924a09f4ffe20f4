package io.lift.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.bench.scale.ScalingRules.Behavior;
import io.lift.bench.scale.ScalingRules.Policy;
import io.lift.bench.scale.ScalingRules.Trigger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AutoscalerTest {
  private static final Behavior AT_ONCE = new Behavior(0, List.of(new Policy(false, 100, 15)));

  private static Autoscaler scaler(boolean perReplica, Behavior up, Behavior down) {
    return new Autoscaler(
        new ScalingRules(1, 10, List.of(new Trigger("m", perReplica, 100)), up, down));
  }

  private static int sync(Autoscaler scaler, int second, double value) {
    return scaler.sync(second, Map.of("m", value));
  }

  @Test
  void aThresholdPerReplicaAsksForTheMeasuredOverTheThreshold() {
    Autoscaler scaler = scaler(true, AT_ONCE, AT_ONCE);

    assertThat(sync(scaler, 0, 450)).isEqualTo(5);
    assertThat(sync(scaler, 15, 120)).isEqualTo(2);
  }

  @Test
  void aThresholdForAllMultipliesTheReplicasByHowFarItIsExceeded() {
    Autoscaler scaler = scaler(false, AT_ONCE, AT_ONCE);

    assertThat(sync(scaler, 0, 200)).isEqualTo(2);
    assertThat(sync(scaler, 15, 200)).isEqualTo(4);
    assertThat(sync(scaler, 30, 50)).isEqualTo(2);
  }

  @Test
  void nothingHappensWithinTenPercentOfTheThreshold() {
    Autoscaler scaler = scaler(true, AT_ONCE, AT_ONCE);
    sync(scaler, 0, 400);

    assertThat(sync(scaler, 15, 438)).isEqualTo(4);
    assertThat(sync(scaler, 30, 362)).isEqualTo(4);
    assertThat(sync(scaler, 45, 445)).isEqualTo(5);
  }

  @Test
  void replicasStayWithinTheirBounds() {
    Autoscaler scaler = scaler(true, AT_ONCE, AT_ONCE);

    assertThat(sync(scaler, 0, 1e6)).isEqualTo(10);
    assertThat(sync(scaler, 15, 0)).isEqualTo(1);
  }

  @Test
  void aReplicaLeavesOnlyWhenTheWindowAsksForFewerThroughout() {
    Autoscaler scaler = scaler(true, AT_ONCE, new Behavior(60, List.of(new Policy(true, 100, 15))));
    sync(scaler, 0, 500);

    assertThat(sync(scaler, 15, 100)).isEqualTo(5);
    assertThat(sync(scaler, 30, 300)).isEqualTo(5);
    assertThat(sync(scaler, 60, 100)).isEqualTo(3);
    assertThat(sync(scaler, 90, 100)).isEqualTo(1);
  }

  @Test
  void replicasGrowNoFasterThanThePolicyAllows() {
    Autoscaler scaler = scaler(true, new Behavior(0, List.of(new Policy(true, 100, 30))), AT_ONCE);

    assertThat(sync(scaler, 0, 1000)).isEqualTo(2);
    assertThat(sync(scaler, 15, 1000)).isEqualTo(2);
    assertThat(sync(scaler, 30, 1000)).isEqualTo(4);
    assertThat(sync(scaler, 60, 1000)).isEqualTo(8);
  }
}
