package io.lift.serializer.rows;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.Source;
import io.lift.core.task.SourceFormat;
import io.lift.core.task.TaskSpec;
import io.lift.formats.registry.RegistrySettings;
import io.lift.formats.registry.SchemaRegistry;
import io.lift.formats.registry.SchemaUnavailableException;
import io.lift.kafka.Traces;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.LabelMessage;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import io.lift.messages.Topics;
import io.lift.testing.Loans;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSerializerTest {
  private static final Topics TOPICS = Topics.of("");
  private static final String ROW = "{\"age\":50,\"car\":\"vw\",\"approved\":\"yes\"}";
  private static final String UNLABELLED = "{\"age\":50,\"car\":\"vw\"}";
  private static final String LABEL = "{\"approved\":\"yes\"}";
  private static final Origin ORIGIN = new Origin("lift.rows", 3, 42, 1_000);
  private static final int MAX_BYTES = 1_000;
  private static final long DAY = 24 * 60 * 60 * 1_000;

  private final TaskDirectory directory =
      TaskDirectory.empty(TOPICS, new SchemaRegistry(RegistrySettings.none()))
          .with("loans", Loans.approvals("loans", "applications"))
          .with("loans-too", Loans.approvals("loans-too", "applications"))
          .with("prices", Loans.prices("prices"))
          .with("broken", Loans.contradictory("broken"));
  private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
  private final BatchOutput output = new BatchOutput(sent::add);

  @ParameterizedTest
  @CsvSource({
    "ROW,        ,      lift.prompts lift.requests",
    "ROW,        both,  lift.prompts lift.requests",
    "ROW,        train, lift.prompts",
    "ROW,        test,  lift.labels lift.requests",
    "ROW,        try,   lift.requests",
    "UNLABELLED, ,      lift.requests",
    "UNLABELLED, both,  lift.requests",
    "UNLABELLED, train, lift.dead-letters",
    "UNLABELLED, test,  lift.requests",
    "UNLABELLED, try,   lift.requests",
    "LABEL,      ,      lift.labels",
    "LABEL,      train, lift.labels",
    "LABEL,      test,  lift.labels"
  })
  void aRowGoesWhereItsTargetAndItsUseSay(String row, String use, String topics) {
    String value =
        switch (row) {
          case "ROW" -> ROW;
          case "UNLABELLED" -> UNLABELLED;
          default -> LABEL;
        };
    var record = record("lift.rows", "id", value, Headers.TASK, "loans");
    HeaderValues.add(record.headers(), Headers.USE, use);
    serialize(record);
    assertThat(String.join(" ", sent.stream().map(ProducerRecord::topic).toList()))
        .isEqualTo(topics);
  }

  @Test
  void anExampleIsKeyedByItsTaskAndARequestByItsRow() {
    serialize(record("lift.rows", "id", ROW, Headers.TASK, "loans"));

    PromptMessage prompt = Json.read(sent.get(0).value(), PromptMessage.class);
    assertThat(sent.get(0).key()).isEqualTo(bytes("loans"));
    assertThat(prompt.prompt()).contains("age=50").contains("car=vw").endsWith("###");
    assertThat(prompt.completion()).isEqualTo("yes@@@");
    assertThat(HeaderValues.string(sent.get(0).headers(), Headers.LANGUAGE))
        .isEqualTo(new TaskLanguage(Loans.approvals("loans")).hash());
    assertThat(prompt.label()).isEqualTo("yes");
    assertThat(prompt.row()).isEqualTo("id");
    assertThat(prompt.taskVersion()).isEqualTo(1);
    assertThat(prompt.origin()).isEqualTo(ORIGIN);
    assertThat(prompt.prompt().substring(prompt.grid()[0], prompt.grid()[1])).isEqualTo("50");

    RequestMessage request = Json.read(sent.get(1).value(), RequestMessage.class);
    assertThat(sent.get(1).key()).isEqualTo(bytes("id"));
    assertThat(request.prompt()).isEqualTo(prompt.prompt());
    assertThat(request.grid()).isEqualTo(prompt.grid());
    assertThat(request.task()).isEqualTo("loans");
    assertThat(request.origin()).isEqualTo(ORIGIN);
  }

  @Test
  void aWordThatTheTaskHasNotSeenIsInTheSentenceAndItsColumnIsSaid() {
    serialize(row("{\"age\":50,\"car\":\"tricycle\"}"));

    RequestMessage request = Json.read(sent.get(0).value(), RequestMessage.class);
    assertThat(request.prompt()).contains("=tricycle, ");
    assertThat(request.missing()).containsExactly("car");
    assertThat(output.tasks().get("loans").unseen).isEqualTo(1);
    assertThat(output.tasks().get("loans").missing).isZero();
  }

  @Test
  void aRequestSaysWhichColumnsTheRowDoesNotName() {
    serialize(row("{\"car\":\"vw\"}"));
    serialize(row(ROW));

    assertThat(Json.read(sent.get(0).value(), RequestMessage.class).missing())
        .containsExactly("age");
    assertThat(Json.read(sent.get(2).value(), RequestMessage.class).missing()).isNull();
    var counts = output.tasks().get("loans");
    assertThat(counts.columns).isEqualTo(4);
    assertThat(counts.missing).isEqualTo(1);
  }

  @Test
  void aTruthCarriesTheLabelAndANumberStaysANumber() {
    serialize(record("lift.rows", "id", LABEL, Headers.TASK, "loans"));
    serialize(record("lift.rows", "id", "{\"price\":12.5}", Headers.TASK, "prices"));

    assertThat(Json.read(sent.get(0).value(), LabelMessage.class))
        .isEqualTo(new LabelMessage("loans", "id", "yes", ORIGIN, "yes@@@", DAY));
    assertThat(Json.read(sent.get(1).value(), LabelMessage.class).label()).isEqualTo("12.5");
    assertThat(sent.get(1).key()).isEqualTo(bytes("id"));
  }

  @Test
  void aRowAndALabelThatComeApartWaitForEachOther() {
    serialize(row(UNLABELLED));
    serialize(row(LABEL));

    assertThat(Json.read(sent.get(0).value(), RequestMessage.class).labelWait()).isEqualTo(DAY);
    assertThat(Json.read(sent.get(1).value(), LabelMessage.class).labelWait()).isEqualTo(DAY);
    String language = new TaskLanguage(Loans.approvals("loans")).hash();
    assertThat(sent)
        .allSatisfy(
            each ->
                assertThat(HeaderValues.string(each.headers(), Headers.LANGUAGE))
                    .isEqualTo(language));
  }

  @Test
  void aRowThatIsCompleteOrForTestsOrOnlyTriedWaitsForNoLabel() {
    serialize(row(ROW));
    for (String use : List.of("test", "try")) {
      for (String value : List.of(ROW, UNLABELLED, LABEL)) {
        var record = row(value);
        HeaderValues.add(record.headers(), Headers.USE, use);
        serialize(record);
      }
    }

    assertThat(sent).hasSizeGreaterThan(6);
    for (ProducerRecord<byte[], byte[]> each : sent) {
      if (each.topic().equals("lift.prompts")) {
        continue;
      }
      assertThat(new String(each.value(), StandardCharsets.UTF_8))
          .doesNotContain("labelWait", "completion");
      assertThat(each.headers().lastHeader(Headers.LANGUAGE)).isNull();
    }
  }

  @Test
  void thatARowIsOnlyTriedTravelsToItsRequest() {
    var record = record("lift.rows", "id", ROW, Headers.TASK, "loans");
    HeaderValues.add(record.headers(), Headers.USE, Headers.TRY);
    serialize(record);
    assertThat(HeaderValues.string(sent.get(0).headers(), Headers.USE)).isEqualTo(Headers.TRY);
  }

  @Test
  void aRowThatIsToBeExplainedTakesItsValuesAlong() {
    serialize(row("{\"age\":50.5,\"car\":\"v\\\"w\"}", Headers.EXPLAIN, "true"));
    RequestMessage request = Json.read(sent.get(0).value(), RequestMessage.class);
    assertThat(request.values()).isEqualTo(Map.of("age", 50.5, "car", "v\"w"));
    assertThat(HeaderValues.string(sent.get(0).headers(), Headers.EXPLAIN)).isEqualTo("true");

    sent.clear();
    serialize(row(UNLABELLED, Headers.EXPLAIN, "false"));
    assertThat(Json.read(sent.get(0).value(), RequestMessage.class).values()).isNull();
    assertThat(new String(sent.get(0).value(), StandardCharsets.UTF_8)).doesNotContain("values");
  }

  @Test
  void deadlineCorrelationReplyAddressAndItsSendersHeadersTravelToTheRequestOnly() {
    var record = record("lift.rows", "id", ROW, Headers.TASK, "loans");
    HeaderValues.add(record.headers(), Headers.DEADLINE, "123");
    HeaderValues.add(record.headers(), Headers.CORRELATION_ID, "c");
    HeaderValues.add(record.headers(), Headers.REPLY_TOPIC, "replies");
    HeaderValues.add(record.headers(), Headers.REPLY_PARTITION, "1");
    record.headers().add(Headers.SMALLRYE_REPLY_PARTITION, new byte[] {0, 0, 0, 2});
    record.headers().add("other", new byte[] {1});
    serialize(record);

    assertThat(sent.get(0).headers())
        .extracting(header -> header.key())
        .containsOnly(Headers.LANGUAGE);
    var headers = sent.get(1).headers();
    assertThat(HeaderValues.string(headers, Headers.DEADLINE)).isEqualTo("123");
    assertThat(HeaderValues.string(headers, Headers.CORRELATION_ID)).isEqualTo("c");
    assertThat(HeaderValues.string(headers, Headers.REPLY_TOPIC)).isEqualTo("replies");
    assertThat(HeaderValues.string(headers, Headers.REPLY_PARTITION)).isEqualTo("1");
    assertThat(headers.lastHeader(Headers.SMALLRYE_REPLY_PARTITION).value())
        .containsExactly(0, 0, 0, 2);
    assertThat(headers.lastHeader("other").value()).containsExactly(1);
  }

  @Test
  void aRecordOnASourceIsItsReadersUnlessItNamesAnotherTask() {
    var unnamed = record("applications", "id", UNLABELLED);
    var named = record("applications", "id", UNLABELLED, Headers.TASK, "loans-too");
    for (String reader : directory.readers("applications")) {
      serialize(unnamed, reader);
      serialize(named, reader);
    }
    assertThat(sent)
        .extracting(record -> Json.read(record.value(), RequestMessage.class).task())
        .containsExactly("loans", "loans-too", "loans-too");
  }

  @Test
  void aRecordOnASourceThatNamesATaskWhichDoesNotReadItIsOneDeadLetter() {
    for (String stranger : List.of("prices", "nobody's")) {
      sent.clear();
      for (String reader : directory.readers("applications")) {
        serialize(record("applications", "id", UNLABELLED, Headers.TASK, stranger), reader);
      }
      assertThat(sent).hasSize(1);
      assertThat(HeaderValues.string(sent.get(0).headers(), Headers.ERROR_REASON))
          .isEqualTo("unknown-task");
      assertThat(HeaderValues.string(sent.get(0).headers(), Headers.ERROR_MESSAGE))
          .contains(stranger, "does not read topic applications");
    }
  }

  @Test
  void aRowThatOneOfItsTasksRefusesIsKeptForTheOtherAndTheLetterNamesTheTask() {
    var both = directory.with("loans-too", Loans.prices("loans-too", "applications"));
    for (String reader : both.readers("applications")) {
      serialize(record("applications", "id", UNLABELLED), reader, both);
    }
    assertThat(sent)
        .extracting(ProducerRecord::topic)
        .containsExactly("lift.requests", "lift.dead-letters");
    assertThat(HeaderValues.string(sent.get(1).headers(), Headers.ERROR_TASK))
        .isEqualTo("loans-too");
  }

  @Test
  void aRowIsReadAsItsSourceSaysAndARecordThatIsNoRowLeavesNothingBehind() {
    TaskSpec loans = Loans.approvals("loans", "applications");
    Source source =
        Source.of("applications").as(null, "value:id", List.of("id!=skip", "age>18"), null);
    var tasks = directory.with("loans", loans.toBuilder().sources(List.of(source)).build());
    String row = "{\"age\":%d,\"car\":\"vw\",\"approved\":\"yes\",\"id\":\"%s\"}";
    serialize(record("applications", null, row.formatted(50, "skip")), "loans", tasks);
    serialize(record("applications", null, row.formatted(18, "young")), "loans", tasks);
    assertThat(sent).isEmpty();
    serialize(record("applications", null, row.formatted(50, "seven")), "loans", tasks);
    assertThat(sent)
        .extracting(ProducerRecord::topic)
        .containsExactly("lift.prompts", "lift.requests");
    assertThat(Json.read(sent.get(1).value(), RequestMessage.class).row()).isEqualTo("seven");
    assertThat(sent.get(1).key()).isEqualTo(bytes("seven"));
    assertThat(output.tasks().get("loans").skipped).isEqualTo(2);
  }

  @Test
  void aRowWhoseSchemaCannotBeAskedForIsNoDeadLetter() {
    TaskSpec loans = Loans.approvals("loans", "applications");
    Source source = Source.of("applications").as(SourceFormat.AVRO, null, null, null);
    var tasks = directory.with("loans", loans.toBuilder().sources(List.of(source)).build());
    var record = record("applications", "id", "\0\0\0\0\1x");
    assertThatThrownBy(() -> serialize(record, "loans", tasks))
        .hasMessageContaining("set lift.registry.url");
    assertThat(sent).isEmpty();
  }

  @Test
  void everyKindOfMalformedRecordIsADeadLetterWithItsReason() {
    assertRejected("null-key", record("lift.rows", null, ROW, Headers.TASK, "loans"));
    assertRejected("null-key", record("lift.rows", "", ROW, Headers.TASK, "loans"));
    assertRejected("null-value", record("lift.rows", "id", null, Headers.TASK, "loans"));
    assertRejected("too-large", row("{\"age\":\"" + "1".repeat(MAX_BYTES) + "\"}"));
    assertRejected(
        "invalid-utf8",
        record(
            "lift.rows",
            bytes("id"),
            new byte[] {'{', '"', -1, '"', ':', '1', '}'},
            Headers.TASK,
            "loans"));
    assertRejected("invalid-json", row("age=50"));
    assertRejected("invalid-json", row(""));
    assertRejected("invalid-json", row("{\"age\":50"));
    assertRejected("invalid-json", row("{\"x\":" + "[".repeat(400) + "]".repeat(400) + "}"));
    assertRejected("not-an-object", row("[50]"));
    assertRejected("nested-value", row("{\"age\":{\"years\":50}}"));
    assertRejected("duplicate-field", row("{\"age\":50,\"age\":51}"));
    assertRejected("wrong-type", row("{\"age\":\"old\"}"));
    assertRejected("not-finite", row("{\"age\":Infinity}"));
    assertRejected("not-finite", row("{\"age\":1e999}"));
    assertRejected("unknown-label", row("{\"age\":50,\"approved\":\"maybe\"}"));
    assertRejected("no-features", row("{}"));
    assertRejected("no-task", record("lift.rows", "id", ROW));
    assertRejected("no-task", record("elsewhere", "id", ROW));
    assertRejected("unknown-task", record("lift.rows", "id", ROW, Headers.TASK, "nobody's"));
    assertRejected("unknown-task", record("lift.rows", "id", ROW, Headers.TASK, "broken"));
    assertRejected("missing-target", row(UNLABELLED, Headers.USE, "train"));
    assertRejected("invalid-header", row(ROW, Headers.USE, "sometimes"));
    assertRejected("invalid-header", row(ROW, Headers.EXPLAIN, "perhaps"));
    assertRejected("invalid-header", row(ROW, Headers.DEADLINE, "tomorrow"));
    assertRejected("invalid-header", row(ROW, Headers.DEADLINE, "-1"));
    assertRejected("invalid-header", row(ROW, Headers.REPLY_TOPIC, "no such/name"));
    assertRejected("invalid-header", row(ROW, Headers.REPLY_PARTITION, "99999999999"));
    assertRejected("invalid-header", row(ROW, Headers.SMALLRYE_REPLY_PARTITION, "0"));
  }

  @Test
  void aRequesterOfARejectedRowGetsTheReason() {
    for (String topic :
        List.of(Headers.REPLY_TOPIC, Headers.SMALLRYE_REPLY_TOPIC, Headers.SPRING_REPLY_TOPIC)) {
      sent.clear();
      serialize(row("{\"age\":\"old\"}", topic, "answers", Headers.CORRELATION_ID, "c"));
      assertThat(sent)
          .extracting(ProducerRecord::topic)
          .containsExactly("lift.dead-letters", "lift.requests");
      RequestMessage reply = Json.read(sent.get(1).value(), RequestMessage.class);
      assertThat(reply.task()).isEqualTo("loans");
      assertThat(reply.row()).isEqualTo("id");
      assertThat(reply.prompt()).isNull();
      assertThat(reply.rejected()).startsWith("wrong-type: ").contains("age", "old");
      var headers = sent.get(1).headers();
      assertThat(HeaderValues.string(headers, topic)).isEqualTo("answers");
      assertThat(HeaderValues.string(headers, Headers.CORRELATION_ID)).isEqualTo("c");
      assertThat(HeaderValues.string(headers, Headers.USE)).isEqualTo(Headers.TRY);
    }
    sent.clear();
    serialize(record("lift.rows", null, "no json", Headers.REPLY_TOPIC, "answers"));
    assertThat(Json.read(sent.get(1).value(), RequestMessage.class).task()).isEqualTo("none");
  }

  @Test
  void theMessageOfADeadLetterNamesWhatIsWrong() {
    serialize(row("{\"age\":\"old\"}"));
    var headers = sent.get(0).headers();
    assertThat(HeaderValues.string(headers, Headers.ERROR_FIELD)).isEqualTo("age");
    assertThat(HeaderValues.string(headers, Headers.ERROR_MESSAGE)).contains("age").contains("old");
    assertThat(HeaderValues.string(headers, Headers.ERROR_TASK)).isEqualTo("loans");
    assertThat(HeaderValues.string(headers, Headers.ERROR_STAGE)).isEqualTo("serializer");
    assertThat(HeaderValues.string(headers, Headers.ERROR_TOPIC)).isEqualTo("lift.rows");
    assertThat(HeaderValues.string(headers, Headers.ERROR_PARTITION)).isEqualTo("3");
    assertThat(HeaderValues.string(headers, Headers.ERROR_OFFSET)).isEqualTo("42");
  }

  @Test
  void aBatchIsCountedByTaskAndByReason() {
    serialize(row(ROW));
    serialize(row("{\"age\":50,\"car\":\"unheard of\"}"));
    serialize(row("{}"));
    serialize(record("lift.rows", "id", ROW, Headers.TASK, "nobody's"));

    var counts = output.tasks().get("loans");
    assertThat(counts.rows).isEqualTo(2);
    assertThat(counts.unseen).isEqualTo(1);
    assertThat(counts.outputs)
        .containsOnly(
            Map.entry(TOPICS.prompts().name(), 1), Map.entry(TOPICS.requests().name(), 2));
    assertThat(output.rejections().values()).containsExactly(1, 1);
    assertThat(output.rejections().keySet())
        .extracting(BatchOutput.Rejection::task)
        .containsExactlyInAnyOrder("loans", null);
  }

  @Test
  void aRequesterLearnsWhyItsRowWasSetAside() {
    setAside(row(ROW, Headers.REPLY_TOPIC, "answers"));

    assertThat(sent)
        .extracting(ProducerRecord::topic)
        .containsExactly(TOPICS.deadLetters().name(), TOPICS.requests().name());
    RequestMessage reply = Json.read(sent.get(1).value(), RequestMessage.class);
    assertThat(reply.task()).isEqualTo("loans");
    assertThat(reply.row()).isEqualTo("id");
    assertThat(reply.rejected()).isEqualTo("internal: The row could not be serialized: for a test");
    assertThat(HeaderValues.string(sent.get(1).headers(), Headers.REPLY_TOPIC))
        .isEqualTo("answers");
    assertThat(HeaderValues.string(sent.get(1).headers(), Headers.USE)).isEqualTo(Headers.TRY);

    sent.clear();
    setAside(row(ROW));
    assertThat(sent).as("nobody asked").hasSize(1);
  }

  @Test
  void aReplyThatMayBeTooLargeForTheBrokerIsNotSentForARowThatWasSetAside() {
    String long100 = "x".repeat(100_000);
    setAside(row(ROW, Headers.REPLY_TOPIC, "answers", Headers.CORRELATION_ID, long100));

    assertThat(sent).hasSize(1);
  }

  private void setAside(ConsumerRecord<byte[], byte[]> record) {
    new RowSerializer(TOPICS, Traces.NONE, MAX_BYTES)
        .setAside(record, new IllegalStateException("for a test"), directory, null, output);
  }

  private void assertRejected(String reason, ConsumerRecord<byte[], byte[]> record) {
    sent.clear();
    serialize(record);
    assertThat(sent).hasSize(HeaderValues.wantsReply(record.headers()) ? 2 : 1);
    var letter = sent.get(0);
    assertThat(letter.topic()).isEqualTo(TOPICS.deadLetters().name());
    assertThat(HeaderValues.string(letter.headers(), Headers.ERROR_REASON)).isEqualTo(reason);
    assertThat(HeaderValues.string(letter.headers(), Headers.ERROR_MESSAGE)).isNotBlank();
    assertThat(letter.key()).isEqualTo(record.key());
    assertThat(letter.value()).isEqualTo(record.value());
  }

  private void serialize(ConsumerRecord<byte[], byte[]> record) {
    serialize(record, null);
  }

  private void serialize(ConsumerRecord<byte[], byte[]> record, String reader) {
    serialize(record, reader, directory);
  }

  private void serialize(
      ConsumerRecord<byte[], byte[]> record, String reader, TaskDirectory tasks) {
    try {
      new RowSerializer(TOPICS, Traces.NONE, MAX_BYTES).serialize(record, tasks, reader, output);
    } catch (SchemaUnavailableException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConsumerRecord<byte[], byte[]> row(String value, String... headers) {
    var record = record("lift.rows", "id", value, headers);
    HeaderValues.add(record.headers(), Headers.TASK, "loans");
    return record;
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, String key, String value, String... headers) {
    return record(
        topic, key == null ? null : bytes(key), value == null ? null : bytes(value), headers);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, byte[] key, byte[] value, String... headers) {
    RecordHeaders all = new RecordHeaders();
    for (int i = 0; i < headers.length; i += 2) {
      HeaderValues.add(all, headers[i], headers[i + 1]);
    }
    return new ConsumerRecord<>(
        topic,
        ORIGIN.partition(),
        ORIGIN.offset(),
        ORIGIN.timestamp(),
        TimestampType.CREATE_TIME,
        0,
        0,
        key,
        value,
        all,
        Optional.empty());
  }
}
