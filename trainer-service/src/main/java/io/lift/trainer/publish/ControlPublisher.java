package io.lift.trainer.publish;

import io.lift.messages.CheckpointManifest;
import io.lift.trainer.prompts.PartitionAssignment;
import java.io.IOException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what is no round's checkpoint: rollbacks, the tombstones of deleted tasks, the group's
 * offsets. For the training thread only.
 */
public final class ControlPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(ControlPublisher.class);
  private static final long PAUSE_MILLIS = 1_000;
  private static final Duration REFRESH = Duration.ofSeconds(30);

  private final String instance;
  private final PublishControl control;
  private final TaskTables tables;
  private final CheckpointPublisher publisher;
  private final Runnable heartbeat;

  /**
   * @param instance name of this trainer
   * @param heartbeat called while this waits for a broker
   */
  public ControlPublisher(
      String instance,
      PublishControl control,
      TaskTables tables,
      CheckpointPublisher publisher,
      Runnable heartbeat) {
    this.instance = instance;
    this.control = control;
    this.tables = tables;
    this.publisher = publisher;
    this.heartbeat = heartbeat;
  }

  /**
   * Finds out whether a version was published: ends the transaction, then reads the log.
   *
   * @param why the transaction's outcome is not known
   * @return the manifest if it is on the log; empty if it is not, or if the assignment has ended
   */
  public Optional<CheckpointManifest> resolve(
      String task, long version, PartitionAssignment partition, PublishException why)
      throws InterruptedException {
    LOG.atWarn()
        .addKeyValue("task", task)
        .addKeyValue("checkpointVersion", version)
        .addKeyValue("error", why.getMessage())
        .log("publishing was interrupted; the log will say whether it was committed");
    publisher.reset();
    while (control.assigned(partition)) {
      try {
        publisher.connect();
        if (tables.refresh(REFRESH)) {
          return tables.checkpoint(task).filter(manifest -> manifest.version() == version);
        }
      } catch (RuntimeException e) {
        LOG.atWarn().addKeyValue("error", e.getMessage()).log("the broker does not answer yet");
      }
      heartbeat.run();
      Thread.sleep(PAUSE_MILLIS);
    }
    return Optional.empty();
  }

  /** Publishes an earlier version's file as the next version, or says why that is impossible. */
  public void rollBack(Rollback rollback) throws InterruptedException {
    RollbackOutcome outcome = new RollbackOutcome.Postponed();
    try {
      outcome = attempt(rollback);
    } finally {
      control.complete(rollback, outcome);
    }
  }

  private RollbackOutcome attempt(Rollback rollback) throws InterruptedException {
    try {
      if (!tables.refresh(REFRESH)) {
        return new RollbackOutcome.Postponed();
      }
      NavigableMap<Long, CheckpointManifest> kept = tables.kept(rollback.task());
      Optional<String> rejection = rollback.rejection(kept);
      if (rollback.outdated() || rollback.request().worse() != null && rejection.isPresent()) {
        return withdraw(rollback);
      }
      if (rejection.isPresent()) {
        return reject(rollback, rejection.get());
      }
      CheckpointManifest target = kept.get(rollback.request().version());
      byte[] file;
      try {
        file = tables.file(target);
      } catch (IOException e) {
        return tables.refresh(REFRESH)
            ? reject(rollback, e.getMessage() + ".")
            : new RollbackOutcome.Postponed();
      }
      return published(
          rollback,
          publisher.publish(
              rollback,
              file,
              rollback.manifest(target, instance),
              () -> control.claim(rollback.partition())));
    } catch (PublishException e) {
      return published(
          rollback, resolve(rollback.task(), rollback.version(), rollback.partition(), e));
    }
  }

  private static RollbackOutcome published(
      Rollback rollback, Optional<CheckpointManifest> manifest) {
    if (manifest.isEmpty()) {
      return new RollbackOutcome.Postponed();
    }
    LOG.atInfo()
        .addKeyValue("task", rollback.task())
        .addKeyValue("checkpointVersion", manifest.get().version())
        .addKeyValue("restored", manifest.get().restored())
        .log("rolled back");
    return new RollbackOutcome.Published(manifest.get());
  }

  private RollbackOutcome reject(Rollback rollback, String why) throws InterruptedException {
    if (!publisher.reject(
        rollback.request().failed(why), () -> control.claim(rollback.partition()))) {
      return new RollbackOutcome.Postponed();
    }
    LOG.atWarn().addKeyValue("task", rollback.task()).log("rollback rejected: {}", why);
    return new RollbackOutcome.Rejected();
  }

  /** Nobody waits for the answer to a request of the evaluator's. */
  private RollbackOutcome withdraw(Rollback rollback) throws InterruptedException {
    if (!publisher.withdraw(rollback.request(), () -> control.claim(rollback.partition()))) {
      return new RollbackOutcome.Postponed();
    }
    LOG.atInfo()
        .addKeyValue("task", rollback.task())
        .addKeyValue("checkpointVersion", rollback.request().worse().version())
        .log("not rolled back: the version that was found worse is no longer the current one");
    return new RollbackOutcome.Rejected();
  }

  /** Publishes the tombstone of a deleted task's checkpoint. */
  public void retire(String task) throws InterruptedException {
    try {
      if (publisher.retire(task, () -> control.claimRetired(task))) {
        LOG.atInfo().addKeyValue("task", task).log("task deleted, its checkpoint removed");
      }
    } catch (PublishException e) {
      publisher.reset();
      LOG.atWarn()
          .addKeyValue("task", task)
          .addKeyValue("error", e.getMessage())
          .log("the checkpoint of a deleted task could not be removed; trying again");
      control.retireLater(task);
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  /** Commits the group's offset of a partition alone. */
  public void commit(PartitionAssignment partition) throws InterruptedException {
    try {
      publisher.commit(() -> control.claim(partition));
    } catch (PublishException e) {
      // the next checkpoint of the partition commits as well, or this again after a while
      publisher.reset();
      LOG.atWarn()
          .addKeyValue("partition", partition.partition())
          .addKeyValue("error", e.getMessage())
          .log("the group's offset is not committed for now");
    }
  }
}
