package io.lift.kafka;

import static io.lift.kafka.RequiredAcl.member;
import static io.lift.kafka.RequiredAcl.on;
import static io.lift.kafka.RequiredAcl.onTopicsFrom;
import static io.lift.kafka.RequiredAcl.read;
import static io.lift.kafka.RequiredAcl.transactions;
import static io.lift.kafka.RequiredAcl.write;

import io.lift.messages.Groups;
import io.lift.messages.Namespace;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Who works on Kafka, and the least rights that each needs there. The table of them in {@code
 * docs/operations.md} is made from here, and so are the ACLs of the tests.
 */
public enum Role {
  /** serializer-service; also {@code Read} on each topic that a task names as its source. */
  SERIALIZER(
      read(Topics.TASKS),
      write(Topics.TASKS),
      read(Topics.TASK_DRAFTS),
      write(Topics.TASK_DRAFTS),
      read(Topics.ROWS),
      write(Topics.PROMPTS),
      write(Topics.LABELS),
      write(Topics.REQUESTS),
      write(Topics.DEAD_LETTERS),
      member(Groups.SERIALIZER),
      transactions(Groups.SERIALIZER)),

  /** trainer-service. */
  TRAINER(
      read(Topics.TASKS),
      read(Topics.PROMPTS),
      read(Topics.CHECKPOINTS),
      write(Topics.CHECKPOINTS),
      read(Topics.CHECKPOINTS_LOG),
      write(Topics.CHECKPOINTS_LOG),
      read(Topics.CHECKPOINT_CHUNKS),
      write(Topics.CHECKPOINT_CHUNKS),
      read(Topics.ROLLBACKS),
      write(Topics.ROLLBACKS),
      write(Topics.TRAINING),
      write(Topics.DEAD_LETTERS),
      member(Groups.TRAINER),
      transactions(Groups.TRAINER)),

  /** inference-service; also {@code Write} on the reply topics that requests name. */
  INFERENCE(
      read(Topics.TASKS),
      read(Topics.CHECKPOINTS),
      read(Topics.CHECKPOINT_CHUNKS),
      read(Topics.CALIBRATION),
      read(Topics.REQUESTS),
      read(Topics.REQUESTS_PARKED),
      write(Topics.REQUESTS_PARKED),
      write(Topics.PREDICTIONS),
      write(Topics.REPLIES),
      read(Topics.GENERATE),
      write(Topics.GENERATED),
      write(Topics.DEAD_LETTERS),
      member(Groups.INFERENCE),
      member(Groups.INFERENCE + Groups.GENERATION_SUFFIX),
      transactions(Groups.INFERENCE)),

  /**
   * evaluator-service with the live page; also {@code Read} on topics that the page makes tasks of.
   * Its Kafka Streams application has topics of its own.
   */
  EVALUATOR(
      read(Topics.TASKS),
      write(Topics.TASKS),
      write(Topics.ROWS),
      read(Topics.PROMPTS),
      read(Topics.LABELS),
      read(Topics.PREDICTIONS),
      read(Topics.METRICS),
      write(Topics.METRICS),
      read(Topics.CHARTS),
      write(Topics.CHARTS),
      write(Topics.CALIBRATION),
      read(Topics.TRAINING),
      read(Topics.ROLLBACKS),
      write(Topics.ROLLBACKS),
      read(Topics.REPLIES),
      read(Topics.CHECKPOINTS),
      read(Topics.CHECKPOINTS_LOG),
      read(Topics.DEAD_LETTERS),
      write(Topics.DEAD_LETTERS),
      onTopicsFrom(Groups.EVALUATOR + "-", AclOperation.CREATE),
      onTopicsFrom(Groups.EVALUATOR + "-", AclOperation.READ),
      onTopicsFrom(Groups.EVALUATOR + "-", AclOperation.WRITE),
      onTopicsFrom(Groups.EVALUATOR + "-", AclOperation.DELETE),
      member(Groups.EVALUATOR),
      transactions(Groups.EVALUATOR)),

  /**
   * Who makes the topics and the tasks and looks after it all: {@code lift topics, task, status,
   * lineage, dead-letters}.
   */
  OPERATOR(
      onTopicsFrom(Namespace.name("lift."), AclOperation.CREATE),
      onTopicsFrom(Namespace.name("lift."), AclOperation.DESCRIBE),
      onTopicsFrom(Groups.EVALUATOR + "-", AclOperation.DESCRIBE),
      read(Topics.TASKS),
      write(Topics.TASKS),
      read(Topics.TASK_DRAFTS),
      write(Topics.TASK_DRAFTS),
      read(Topics.CHECKPOINTS),
      read(Topics.CHECKPOINTS_LOG),
      read(Topics.METRICS),
      read(Topics.ROLLBACKS),
      write(Topics.ROLLBACKS),
      read(Topics.DEAD_LETTERS),
      new RequiredAcl(
          AclOperation.DESCRIBE,
          ResourceType.GROUP,
          PatternType.PREFIXED,
          Namespace.name("lift-"))),

  /**
   * Who sends rows and reads answers, or asks for generated rows: {@code lift produce, predict,
   * generate}, and applications.
   */
  CLIENT(
      read(Topics.TASKS),
      write(Topics.ROWS),
      read(Topics.PREDICTIONS),
      write(Topics.GENERATE),
      read(Topics.GENERATED),
      read(Topics.DEAD_LETTERS));

  private final List<RequiredAcl> rights;

  Role(RequiredAcl... rights) {
    this.rights = List.of(rights);
  }

  /** The least that it needs; topics that sites name themselves come on top. */
  public List<RequiredAcl> rights() {
    return rights;
  }

  /**
   * The same for a service whose group has another name than usual.
   *
   * @param usual one of {@link Groups}
   */
  public List<RequiredAcl> rights(String usual, String group) {
    return rights.stream().map(right -> right.renamed(usual, group)).toList();
  }

  /** The topics of Lift that it reads or writes. */
  public List<Topic<?>> topics() {
    List<Topic<?>> used = new ArrayList<>();
    for (Topic<?> topic : Topics.all()) {
      if (rights.contains(on(topic, AclOperation.READ))
          || rights.contains(on(topic, AclOperation.WRITE))) {
        used.add(topic);
      }
    }
    return used;
  }
}
