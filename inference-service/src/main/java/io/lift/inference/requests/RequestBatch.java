package io.lift.inference.requests;

import io.lift.core.row.RejectReason;
import io.lift.inference.requests.RequestHandler.Outcome;
import io.lift.kafka.RefusedRecords;
import io.lift.kafka.TransactionalProducer;
import io.lift.messages.DeadLetters;
import io.lift.messages.PredictionMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/** The requests that one batch has read, and the records and offsets that it will commit. */
final class RequestBatch {
  private static final Logger LOG = Logger.getLogger(RequestLoop.class);

  private final LoopSettings settings;
  private final String parkedTopic;
  private final ParkedWindow parked;
  private final OutputRecords outputs;
  private final DeadLetters letters;
  private final RefusedRecords refused;
  private final RefusedRecords refusedBySinks;
  private final BatchFailures failures;

  private final List<Request> requests = new ArrayList<>();
  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final List<ReplySender.Reply> replies = new ArrayList<>();
  private final Map<ProducerRecord<byte[], byte[]>, ConsumerRecord<byte[], byte[]>> sources =
      new IdentityHashMap<>();
  private final Map<Request, Sinks.Open> targets = new IdentityHashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
  private int deadLetters;
  private boolean answeredParked;
  private AnswerTrace trace;

  RequestBatch(
      LoopSettings settings,
      ParkedWindow parked,
      OutputRecords outputs,
      DeadLetters letters,
      RefusedRecords refused,
      RefusedRecords refusedBySinks) {
    this.settings = settings;
    this.parkedTopic = settings.kafka().topics().requestsParked().name();
    this.parked = parked;
    this.outputs = outputs;
    this.letters = letters;
    this.refused = refused;
    this.refusedBySinks = refusedBySinks;
    this.failures = new BatchFailures(outputs, refused, refusedBySinks);
  }

  /** A record of either topic was read. A parked request enters the window. */
  void read(ConsumerRecord<byte[], byte[]> record) {
    boolean wasParked = isParked(record.topic());
    Optional<String> why = refused.why(record);
    if (why.isPresent()) {
      reject(record, letters.cut(record, null, RejectReason.TOO_LARGE, null, why.get()));
      return;
    }
    try {
      Request request = Request.of(record);
      if (wasParked) {
        parked.add(request.withDeadline(record.timestamp() + settings.parkedWait().toMillis()));
      } else {
        requests.add(request);
      }
    } catch (Request.Undecodable e) {
      LOG.warnf("dead letter: %s", e.getMessage());
      reject(record, letters.of(record, null, e.reason(), null, e.getMessage()));
    }
  }

  private void reject(
      ConsumerRecord<byte[], byte[]> record, ProducerRecord<byte[], byte[]> letter) {
    add(record, letter);
    deadLetters++;
    if (isParked(record.topic())) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      parked.pass(partition, record.offset());
      offsets.put(partition, parked.commit(partition));
    }
  }

  private void add(ConsumerRecord<byte[], byte[]> source, ProducerRecord<byte[], byte[]> record) {
    records.add(record);
    sources.put(record, source);
  }

  /** A partition was read up to this offset. */
  void readTo(TopicPartition partition, OffsetAndMetadata next) {
    if (!isParked(partition.topic())) {
      offsets.put(partition, next);
    }
  }

  /** Adds parked requests that are due. */
  void add(List<Request> due) {
    requests.addAll(due);
  }

  /**
   * One outcome per request of the batch.
   *
   * @param now epoch milliseconds
   */
  List<Outcome> handle(RequestHandler handler, long now) throws InterruptedException {
    if (requests.isEmpty()) {
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>(requests.size());
    List<Request> asked = new ArrayList<>(requests.size());
    for (Request request : requests) {
      if (!request.expired(now) && outputs.waits(request)) {
        outcomes.add(new Outcome(request, null));
      } else {
        asked.add(request);
      }
    }
    trace = AnswerTrace.begin(settings.traces(), requests);
    try {
      handler.handle(asked).forEach(outcome -> outcomes.add(withTarget(outcome)));
      return outcomes;
    } finally {
      trace.end();
    }
  }

  /** Settles where the copy of a prediction goes; one that nobody can write yet waits. */
  private Outcome withTarget(Outcome outcome) {
    if (outcome.waits()) {
      return outcome;
    }
    Sinks.Target target = outputs.target(outcome.request());
    if (target instanceof Sinks.Open open) {
      targets.put(outcome.request(), open);
    } else if (target instanceof Sinks.Unknown) {
      if (outcome.prediction().status() != PredictionMessage.Status.EXPIRED) {
        return new Outcome(outcome.request(), null);
      }
      outputs.dropped(); // the answer is of no use any more
    }
    return outcome;
  }

  /** Adds the records of an outcome. */
  void conclude(Outcome outcome) {
    Request request = outcome.request();
    boolean wasParked = isParked(request.record().topic());
    if (outcome.waits()) {
      if (!wasParked) {
        add(request.record(), outputs.parked(request));
      }
      return;
    }
    List<ProducerRecord<byte[], byte[]>> answers = new ArrayList<>(2);
    if (!request.replyOnly()) {
      ProducerRecord<byte[], byte[]> prediction = outputs.prediction(request, outcome.prediction());
      add(request.record(), prediction);
      answers.add(prediction);
      Sinks.Open target = targets.get(request);
      if (target != null && refusedBySinks.why(request.record()).isEmpty()) {
        ProducerRecord<byte[], byte[]> copy = outputs.sink(target, request, outcome.prediction());
        add(request.record(), copy);
        answers.add(copy);
      }
    }
    outputs
        .reply(request, outcome.prediction())
        .ifPresent(
            reply -> {
              replies.add(reply);
              answers.add(reply.record());
            });
    trace.answered(outcome, answers);
    if (wasParked) {
      answeredParked = true;
      leave(request);
    }
  }

  /** Parks a request again, at the end of the topic. */
  void parkAgain(Request request) {
    add(request.record(), outputs.parked(request));
    leave(request);
  }

  /** Whether there is nothing to commit. */
  boolean isEmpty() {
    return offsets.isEmpty();
  }

  /**
   * Commits records and offsets in one transaction.
   *
   * @param group the membership at which the records were read
   */
  void commit(TransactionalProducer producer, ConsumerGroupMetadata group) {
    for (ProducerRecord<byte[], byte[]> record : records) {
      producer.send(
          record,
          (metadata, e) -> {
            if (e != null) {
              failures.failed(record, sources.get(record), e);
            }
          });
    }
    producer.commit(offsets, group);
  }

  /** The replies to be sent once the batch is committed. */
  List<ReplySender.Reply> replies() {
    return replies;
  }

  int deadLetters() {
    return deadLetters;
  }

  /** Whether parked requests were answered, so that more of them may be due. */
  boolean answeredParked() {
    return answeredParked;
  }

  private void leave(Request request) {
    parked.done(request);
    offsets.put(request.topicPartition(), parked.commit(request.topicPartition()));
  }

  private boolean isParked(String topic) {
    return topic.equals(parkedTopic);
  }
}
