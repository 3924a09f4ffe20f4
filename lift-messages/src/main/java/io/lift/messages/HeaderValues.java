package io.lift.messages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Reads and copies the headers of records. */
public final class HeaderValues {
  /** What {@link io.lift.messages.Headers#EXPLAIN} may say. */
  public static final String TRUE = "true";

  /** The same. */
  public static final String FALSE = "false";

  /** What a request takes over from its row. */
  private static final Set<String> REPLY =
      Set.of(
          io.lift.messages.Headers.DEADLINE,
          io.lift.messages.Headers.EXPLAIN,
          io.lift.messages.Headers.CORRELATION_ID,
          io.lift.messages.Headers.REPLY_TOPIC,
          io.lift.messages.Headers.REPLY_PARTITION,
          io.lift.messages.Headers.SMALLRYE_CORRELATION_ID,
          io.lift.messages.Headers.SMALLRYE_REPLY_TOPIC,
          io.lift.messages.Headers.SMALLRYE_REPLY_PARTITION,
          io.lift.messages.Headers.SPRING_CORRELATION_ID,
          io.lift.messages.Headers.SPRING_REPLY_TOPIC,
          io.lift.messages.Headers.SPRING_REPLY_PARTITION);

  /** Each names a topic for the reply. */
  private static final Set<String> REPLY_TOPICS =
      Set.of(
          io.lift.messages.Headers.REPLY_TOPIC,
          io.lift.messages.Headers.SMALLRYE_REPLY_TOPIC,
          io.lift.messages.Headers.SPRING_REPLY_TOPIC);

  /** By what a sender finds the answers to its rows. */
  private static final Set<String> CORRELATION =
      Set.of(
          io.lift.messages.Headers.CORRELATION_ID,
          io.lift.messages.Headers.SMALLRYE_CORRELATION_ID,
          io.lift.messages.Headers.SPRING_CORRELATION_ID);

  /**
   * What says how a row is written or traced, and would be wrong on its answer: headers of
   * CloudEvents, serializers and traces.
   */
  private static final Set<String> OF_THE_VALUE =
      Set.of("content-type", "contentType", "traceparent", "tracestate", "baggage");

  private static final List<String> OF_THE_VALUE_FROM =
      List.of("ce_", "__TypeId__", "__KeyTypeId__", "__ContentTypeId__", "apicurio.", "__connect.");

  private static final String OWN = "lift.";

  private HeaderValues() {}

  /** The last header of that name as text, or null if there is none or its value is null. */
  public static String string(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null ? null : text(header.value());
  }

  /** Adds a header unless the value is null. */
  public static void add(Headers headers, String name, String value) {
    if (value != null) {
      headers.add(name, bytes(value));
    }
  }

  /** Whether a sender names a topic for the reply. */
  public static boolean wantsReply(Headers headers) {
    for (Header header : headers) {
      if (REPLY_TOPICS.contains(header.key())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether an answer is to be explained, by header {@link io.lift.messages.Headers#EXPLAIN}.
   *
   * @throws IllegalArgumentException as {@link #isTrue}
   */
  public static boolean explains(Headers headers) {
    String name = io.lift.messages.Headers.EXPLAIN;
    return isTrue("header " + name, string(headers, name));
  }

  /**
   * Whether a value says {@link #TRUE}; null says {@link #FALSE}.
   *
   * @param what has the value, for the message
   * @throws IllegalArgumentException if it is neither; the message is one sentence
   */
  public static boolean isTrue(String what, String value) {
    if (value == null || value.equals(FALSE)) {
      return false;
    }
    if (value.equals(TRUE)) {
      return true;
    }
    throw new IllegalArgumentException(
        "%s is '%s', but it must be true or false".formatted(what, value));
  }

  /** Copies what a request takes over from its row, and the sender's own headers, byte by byte. */
  public static void copyToRequest(Headers from, Headers to) {
    copy(from, to, name -> REPLY.contains(name) || isSenders(name));
  }

  /** Copies the correlation ids and the sender's own headers, byte by byte. */
  public static void copyToAnswer(Headers from, Headers to) {
    copy(from, to, name -> CORRELATION.contains(name) || !REPLY.contains(name) && isSenders(name));
  }

  private static boolean isSenders(String name) {
    return !name.startsWith(OWN)
        && !OF_THE_VALUE.contains(name)
        && OF_THE_VALUE_FROM.stream().noneMatch(name::startsWith);
  }

  private static void copy(Headers from, Headers to, Predicate<String> wanted) {
    for (Header header : from) {
      if (wanted.test(header.key())) {
        to.add(header);
      }
    }
  }

  /** UTF-8 text, malformed bytes replaced; null stays null. */
  public static String text(byte[] utf8) {
    return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
