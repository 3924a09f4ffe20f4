package io.lift.evaluator.scoring;

import io.lift.messages.Topic;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps back messages that their topic would not take; the streams would stop at them. */
final class MessageLimit {
  private static final Logger LOG = LoggerFactory.getLogger(MessageLimit.class);

  /** Room for the key and the rest of the record, in bytes. */
  private static final int OVERHEAD = 1024;

  private final Topic<?> topic;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  MessageLimit(Topic<?> topic) {
    this.topic = topic;
  }

  /** Whether the topic takes the message of a task; says once of each task that it does not. */
  boolean takes(String task, byte[] message) {
    if (message == null || message.length + OVERHEAD <= topic.maxMessageBytes()) {
      return true;
    }
    if (warned.add(task)) {
      LOG.atWarn()
          .addKeyValue("task", task)
          .addKeyValue("topic", topic.name())
          .addKeyValue("bytes", message.length)
          .log("not published: the message is too large; the task has too many or too long labels");
    }
    return false;
  }
}
