package io.lift.kafka;

import static io.lift.kafka.RequiredAcl.member;
import static io.lift.kafka.RequiredAcl.memberFrom;
import static io.lift.kafka.RequiredAcl.onTopicsFrom;
import static io.lift.kafka.RequiredAcl.read;
import static io.lift.kafka.RequiredAcl.transactions;
import static io.lift.kafka.RequiredAcl.transactionsFrom;
import static io.lift.kafka.RequiredAcl.write;

import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * A user of Kafka, and the least rights that it needs there. The table of rights in {@code
 * docs/operations.md} and the ACLs of the tests are made from here.
 */
public enum Role {
  /** serializer-service; also {@code Read} on each topic that a task names as its source. */
  SERIALIZER(
      topics ->
          List.of(
              read(topics.tasks()),
              write(topics.tasks()),
              read(topics.taskDrafts()),
              write(topics.taskDrafts()),
              read(topics.rows()),
              write(topics.prompts()),
              write(topics.labels()),
              write(topics.requests()),
              write(topics.deadLetters()),
              memberFrom(topics.groups().serializer()),
              new RequiredAcl(
                  AclOperation.DELETE,
                  ResourceType.GROUP,
                  PatternType.PREFIXED,
                  topics.groups().serializer() + "/"),
              transactionsFrom(topics.groups().serializer()))),

  /** trainer-service. */
  TRAINER(
      topics ->
          List.of(
              read(topics.tasks()),
              read(topics.prompts()),
              read(topics.checkpoints()),
              write(topics.checkpoints()),
              read(topics.checkpointsLog()),
              write(topics.checkpointsLog()),
              read(topics.checkpointChunks()),
              write(topics.checkpointChunks()),
              read(topics.rollbacks()),
              write(topics.rollbacks()),
              write(topics.training()),
              read(topics.events()),
              write(topics.events()),
              write(topics.deadLetters()),
              member(topics.groups().trainer()),
              transactions(topics.groups().trainer()))),

  /** inference-service; also {@code Write} on the topics that tasks and requests name. */
  INFERENCE(
      topics ->
          List.of(
              read(topics.tasks()),
              read(topics.prompts()),
              read(topics.checkpoints()),
              read(topics.checkpointChunks()),
              read(topics.calibration()),
              read(topics.requests()),
              read(topics.requestsParked()),
              write(topics.requestsParked()),
              write(topics.predictions()),
              write(topics.replies()),
              read(topics.generate()),
              write(topics.generated()),
              write(topics.events()),
              write(topics.deadLetters()),
              member(topics.groups().inference()),
              member(topics.groups().generation(topics.groups().inference())),
              transactions(topics.groups().inference()))),

  /**
   * evaluator-service with the live page; also {@code Read} on topics that the page makes tasks of.
   * Its Kafka Streams application has topics of its own.
   */
  EVALUATOR(
      topics ->
          List.of(
              read(topics.tasks()),
              write(topics.tasks()),
              write(topics.rows()),
              read(topics.prompts()),
              write(topics.prompts()),
              read(topics.labels()),
              read(topics.requests()),
              read(topics.predictions()),
              read(topics.metrics()),
              write(topics.metrics()),
              read(topics.charts()),
              write(topics.charts()),
              write(topics.calibration()),
              read(topics.events()),
              write(topics.events()),
              read(topics.training()),
              read(topics.rollbacks()),
              write(topics.rollbacks()),
              read(topics.replies()),
              read(topics.checkpoints()),
              read(topics.checkpointsLog()),
              read(topics.deadLetters()),
              write(topics.deadLetters()),
              onTopicsFrom(topics.groups().evaluator() + "-", AclOperation.CREATE),
              onTopicsFrom(topics.groups().evaluator() + "-", AclOperation.READ),
              onTopicsFrom(topics.groups().evaluator() + "-", AclOperation.WRITE),
              onTopicsFrom(topics.groups().evaluator() + "-", AclOperation.DELETE),
              member(topics.groups().evaluator()),
              transactions(topics.groups().evaluator()))),

  /**
   * The operator, who creates topics and tasks and inspects them: {@code lift topics, task, status,
   * lineage, events, dead-letters}.
   */
  OPERATOR(
      topics ->
          List.of(
              onTopicsFrom(topics.commonPrefix(), AclOperation.CREATE),
              onTopicsFrom(topics.commonPrefix(), AclOperation.DESCRIBE),
              onTopicsFrom(topics.groups().evaluator() + "-", AclOperation.DESCRIBE),
              read(topics.tasks()),
              write(topics.tasks()),
              read(topics.taskDrafts()),
              write(topics.taskDrafts()),
              read(topics.checkpoints()),
              read(topics.checkpointsLog()),
              read(topics.metrics()),
              read(topics.events()),
              write(topics.events()),
              read(topics.rollbacks()),
              write(topics.rollbacks()),
              read(topics.deadLetters()),
              new RequiredAcl(
                  AclOperation.DESCRIBE,
                  ResourceType.GROUP,
                  PatternType.PREFIXED,
                  topics.groups().commonPrefix()))),

  /**
   * Applications, and the commands that send rows, read answers, request generated rows or list the
   * tasks: {@code lift produce, predict, generate, task list}.
   */
  CLIENT(
      topics ->
          List.of(
              read(topics.tasks()),
              read(topics.taskDrafts()),
              write(topics.rows()),
              read(topics.predictions()),
              write(topics.generate()),
              read(topics.generated()),
              read(topics.deadLetters())));

  private final Function<Topics, List<RequiredAcl>> rights;

  Role(Function<Topics, List<RequiredAcl>> rights) {
    this.rights = rights;
  }

  /** The least rights that it needs; topics that users name come on top. */
  public List<RequiredAcl> rights(Topics topics) {
    return rights.apply(topics);
  }

  /**
   * The same for a service whose consumer group has another name than the default.
   *
   * @param standard one of {@link Topics#groups()}
   * @param group the name in its place
   */
  public List<RequiredAcl> rights(Topics topics, String standard, String group) {
    return rights(topics).stream().map(right -> right.renamed(standard, group)).toList();
  }

  /** The topics of Lift that it reads or writes. */
  public List<Topic<?>> topics(Topics topics) {
    List<RequiredAcl> needed = rights(topics);
    List<Topic<?>> used = new ArrayList<>();
    for (Topic<?> topic : topics.all()) {
      if (needed.contains(read(topic)) || needed.contains(write(topic))) {
        used.add(topic);
      }
    }
    return used;
  }
}
