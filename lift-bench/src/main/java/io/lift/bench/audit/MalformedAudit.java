package io.lift.bench.audit;

import io.lift.bench.audit.MalformedRecords.Malformed;
import io.lift.bench.audit.MalformedSender.Place;
import io.lift.bench.stream.CommittedReader;
import io.lift.core.row.RejectReason;
import io.lift.kafka.KafkaConnection;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares the dead letters with the malformed records that were sent: one letter for each, with a
 * right reason and with the record's value or, if it says so, the beginning of the value.
 *
 * @param rightByKind right letters, by kind of record
 * @param expected malformed records sent
 * @param found those that have a right letter
 * @param faults one sentence for each letter that should not be there as it is
 */
record MalformedAudit(
    Map<String, Integer> rightByKind, int expected, int found, List<String> faults) {

  /** Reads all dead letters. */
  static MalformedAudit of(KafkaConnection kafka, Map<Place, Malformed> sent) {
    Map<String, Integer> rightByKind = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    Set<Place> found = new HashSet<>();
    CommittedReader.forEach(
        kafka.settings(),
        kafka.topics().deadLetters(),
        letter -> {
          Place place = place(letter);
          Malformed malformed = sent.get(place);
          if (malformed != null && found.add(place) && isRight(letter, malformed)) {
            rightByKind.merge(malformed.kind(), 1, Integer::sum);
          } else {
            faults.add(fault(letter, place, malformed));
          }
        });
    return new MalformedAudit(rightByKind, sent.size(), found.size(), faults);
  }

  private static Place place(ConsumerRecord<String, byte[]> letter) {
    return new Place(
        header(letter, Headers.ERROR_TOPIC),
        Integer.parseInt(header(letter, Headers.ERROR_PARTITION)),
        Long.parseLong(header(letter, Headers.ERROR_OFFSET)));
  }

  private static String fault(
      ConsumerRecord<String, byte[]> letter, Place place, Malformed malformed) {
    return "%s (%s): %s, %s"
        .formatted(
            place,
            malformed == null ? "not malformed" : malformed.kind(),
            header(letter, Headers.ERROR_REASON),
            header(letter, Headers.ERROR_MESSAGE));
  }

  private static boolean isRight(ConsumerRecord<String, byte[]> letter, Malformed malformed) {
    String reason = header(letter, Headers.ERROR_REASON);
    return malformed.reasons().stream().map(RejectReason::code).anyMatch(reason::equals)
        && holds(letter, malformed.record().value());
  }

  private static boolean holds(ConsumerRecord<String, byte[]> letter, byte[] value) {
    if (header(letter, Headers.ERROR_CUT).isEmpty() || value == null) {
      return Arrays.equals(letter.value(), value);
    }
    return Arrays.equals(letter.value(), Arrays.copyOf(value, letter.value().length));
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return Objects.requireNonNullElse(HeaderValues.string(record.headers(), name), "");
  }

  /** How much is wrong: letters that should not be there, and records without a letter. */
  int wrong() {
    return faults.size() + expected - found;
  }
}
