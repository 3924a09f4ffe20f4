package io.lift.inference.requests;

import io.lift.messages.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;
import org.jboss.logging.Logger;

/**
 * Which topics of others can be written to. A wrong address (no such topic, no such partition, one
 * of Lift's own topics) is left alone. So every address is checked before it is used, and the
 * result is kept for a while. A rejected address is logged once. Thread-safe.
 */
public final class WritableTopics {
  private static final Logger LOG = Logger.getLogger(WritableTopics.class);
  private static final Duration FOUND = Duration.ofMinutes(1);
  private static final Duration MISSING = Duration.ofSeconds(5);
  private static final int CAPACITY = 10_000;

  private record Known(int partitions, long until) {}

  private final String what;
  private final Topics topics;
  private final ToIntFunction<String> partitions;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final LongAdder rejected = new LongAdder();
  private final Map<String, String> logged = new ConcurrentHashMap<>();

  /**
   * @param what is written to them, for the log
   * @param topics Lift's own topics
   * @param partitions how many partitions a topic has, 0 if there is no such topic
   */
  public WritableTopics(String what, Topics topics, ToIntFunction<String> partitions) {
    this.what = what;
    this.topics = topics;
    this.partitions = partitions;
  }

  /** Whether a record can be sent there. */
  public boolean usable(ReplyAddress address) {
    if (topics.all().stream()
        .filter(topic -> topic != topics.replies())
        .anyMatch(topic -> topic.name().equals(address.topic()))) {
      return reject(address, "it is one of Lift's own topics");
    }
    Known topic = known.get(address.topic());
    if (topic == null || topic.until - System.nanoTime() < 0) {
      int found = partitions.applyAsInt(address.topic());
      topic = store(address.topic(), found, found > 0 ? FOUND : MISSING);
    }
    if (topic.partitions == 0) {
      return reject(address, "there is no such topic");
    }
    if (address.partition() != null && address.partition() >= topic.partitions) {
      return reject(address, "the topic has %d partitions".formatted(topic.partitions));
    }
    return true;
  }

  /** Sending there failed, so it is not tried again for a while. */
  public void failed(ReplyAddress address, String why) {
    store(address.topic(), 0, FOUND);
    reject(address, why);
  }

  private Known store(String topic, int found, Duration howLong) {
    if (known.size() >= CAPACITY) {
      known.clear();
      logged.clear();
    }
    Known entry = new Known(found, System.nanoTime() + howLong.toNanos());
    known.put(topic, entry);
    return entry;
  }

  /** A record was not sent because too many others wait. */
  void dropped() {
    rejected.increment();
  }

  /** Records that were not sent so far. */
  public long rejected() {
    return rejected.sum();
  }

  private boolean reject(ReplyAddress address, String why) {
    rejected.increment();
    if (logged.put(address.topic(), why) == null) {
      LOG.warnf(
          "no %s to topic=%s partition=%s: %s", what, address.topic(), address.partition(), why);
    }
    return false;
  }
}
