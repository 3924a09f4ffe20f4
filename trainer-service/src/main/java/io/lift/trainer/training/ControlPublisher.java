package io.lift.trainer.training;

import io.lift.messages.CheckpointManifest;
import io.lift.trainer.training.CheckpointPublisher.PublishFailed;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the training thread publishes beside the checkpoints of rounds: rollbacks, the end of
 * deleted tasks, the group's offsets. For the training thread only.
 */
final class ControlPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPublisher.class);
  private static final long PAUSE_MILLIS = 1_000;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final String instance;
  private final Assignment workload;
  private final RoundScheduler rounds;
  private final TaskTables tables;
  private final FineTunerCache tuners;
  private final CheckpointPublisher publisher;
  private final Runnable progress;

  /**
   * @param instance name of this trainer
   * @param progress told while this waits for a broker
   */
  ControlPublisher(
      String instance,
      Assignment workload,
      TaskTables tables,
      FineTunerCache tuners,
      CheckpointPublisher publisher,
      Runnable progress) {
    this.instance = instance;
    this.workload = workload;
    this.rounds = workload.rounds();
    this.tables = tables;
    this.tuners = tuners;
    this.publisher = publisher;
    this.progress = progress;
  }

  /** It is not known whether a checkpoint was published: close the case, then ask the log. */
  void settle(
      String task,
      long version,
      PartitionAssignment ownership,
      PublishFailed why,
      Consumer<CheckpointManifest> published)
      throws InterruptedException {
    LOG.atWarn()
        .addKeyValue("task", task)
        .addKeyValue("checkpointVersion", version)
        .addKeyValue("error", why.getMessage())
        .log("publishing broke off; asking the log what came of it");
    publisher.reset();
    while (!workload.closed() && !ownership.lost()) {
      try {
        publisher.connect();
        if (tables.refresh(REFRESH)) {
          tables
              .checkpoint(task)
              .filter(manifest -> manifest.version() == version)
              .ifPresent(published);
          return;
        }
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("error", e.getMessage()).log("the broker does not answer yet");
      }
      progress.run();
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Publishes an earlier version's file as the next version, or says why that cannot be. */
  void rollBack(Rollback rollback) throws InterruptedException {
    try {
      if (!tables.refresh(REFRESH)) {
        return; // the broker does not answer; the wish is found again
      }
      NavigableMap<Long, CheckpointManifest> kept = tables.kept(rollback.task());
      Optional<String> refusal = rollback.refusal(kept);
      if (refusal.isPresent()) {
        refuse(rollback, refusal.get());
        return;
      }
      CheckpointManifest target = kept.get(rollback.wish().version());
      publisher
          .publish(
              rollback,
              tuners.read(target),
              rollback.manifest(target, instance),
              () -> rounds.claim(rollback.ownership()))
          .ifPresent(manifest -> rolledBack(rollback, manifest));
    } catch (IOException e) {
      if (tables.refresh(REFRESH)) {
        refuse(rollback, e.getMessage() + ".");
      }
    } catch (PublishFailed e) {
      settle(
          rollback.task(),
          rollback.version(),
          rollback.ownership(),
          e,
          manifest -> rolledBack(rollback, manifest));
    }
  }

  private void rolledBack(Rollback rollback, CheckpointManifest manifest) {
    rounds.settled(rollback, manifest);
    LOG.atInfo()
        .addKeyValue("task", rollback.task())
        .addKeyValue("checkpointVersion", manifest.version())
        .addKeyValue("restored", manifest.restored())
        .log("rolled back");
  }

  private void refuse(Rollback rollback, String why) throws InterruptedException {
    if (publisher.refuse(rollback.wish().failed(why), () -> rounds.claim(rollback.ownership()))) {
      rounds.settled(rollback, null);
      LOG.atWarn().addKeyValue("task", rollback.task()).log("not rolled back: {}", why);
    }
  }

  /** Takes back the checkpoint of a deleted task. */
  void retire(String task) throws InterruptedException {
    try {
      if (publisher.retire(task, () -> rounds.claimRetired(task))) {
        LOG.atInfo().addKeyValue("task", task).log("task deleted, its checkpoint taken back");
      }
    } catch (PublishFailed e) {
      publisher.reset();
      LOG.atWarn().addKeyValue("task", task).addKeyValue("error", e.getMessage()).log("try again");
      rounds.retireLater(task);
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Commits the group's offsets over dead letters. */
  void commit(PartitionAssignment ownership) throws InterruptedException {
    try {
      publisher.commit(() -> rounds.claim(ownership));
    } catch (PublishFailed e) {
      // the next checkpoint or dead letter of the partition commits as well
      publisher.reset();
      LOG.atWarn()
          .addKeyValue("partition", ownership.partition())
          .addKeyValue("error", e.getMessage())
          .log("the group's offset stays behind for now");
    }
  }
}
