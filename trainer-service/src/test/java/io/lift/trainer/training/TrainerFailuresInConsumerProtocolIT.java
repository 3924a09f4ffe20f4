package io.lift.trainer.training;

import io.lift.kafka.GroupProtocol;
import io.lift.trainer.round.FineTuner;
import java.util.HashMap;
import java.util.Map;

/** The same where the broker assigns the partitions. */
class TrainerFailuresInConsumerProtocolIT extends TrainerFailuresIT {
  @Override
  TrainerNode node(String name, FineTuner.Factory factory, Map<String, Object> consumer) {
    Map<String, Object> all = new HashMap<>(consumer);
    all.put(GroupProtocol.SETTING, GroupProtocol.CONSUMER);
    return super.node(name, factory, all);
  }
}
