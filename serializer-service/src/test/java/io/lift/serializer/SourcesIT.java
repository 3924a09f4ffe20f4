package io.lift.serializer;

import static io.lift.messages.HeaderValues.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.table.JsonRows;
import io.lift.core.task.Column;
import io.lift.core.task.Source;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TemplateSpec;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.RequestMessage;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.testing.BrokerResource;
import io.lift.testing.Loans;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Tasks that read topics of their own. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class SourcesIT extends SerializerFixture {
  @Test
  void aTaskFromATopicReadsNumbersAndDatesInEveryFormThatTheTableHad() throws Exception {
    TopicAdmin.ensure(kafka.settings(), List.of(new Topic<>("offers", byte[].class, 1, Map.of())));
    String written =
        "{\"at\":\"2026-11-%02dT08:30:00Z\",\"price\":\"1.2%02d,50 €\",\"used\":\"%s\",\"y\":\"%s\"}";
    try (var producer = producer()) {
      for (int i = 0; i < 30; i++) {
        String used = i % 7 == 0 ? "NA" : i + "%";
        String row = written.formatted(i + 1, i, used, i % 2 == 0 ? "a" : "b");
        producer.send(new ProducerRecord<>("offers", bytes("offer-" + i), bytes(row)));
      }
      producer.send(draft(new TaskDraft("offers", "offers", "y", null, 30)));
    }
    // the rows of the topic are read by the task that was inferred from them
    Map<String, String> prompts = prompts("offers", 30);
    TaskSpec task = published("offers");
    assertThat(task.features())
        .extracting(Column::name)
        .containsExactly("at trend", "at weekday", "at hour", "at month", "price", "used");
    byte[] fromCsv =
        new JsonRows(task)
            .write(Map.of("at", "2026-11-09T08:30:00Z", "price", "1.208,50 €", "used", "8%"));
    Map<String, String> forms =
        Map.of(
            "form-csv", HeaderValues.text(fromCsv),
            "form-numbers", "{\"at\":\"2026-11-09 08:30\",\"price\":1208.5,\"used\":8}",
            "form-text", "{\"at\":\"2026-11-09T08:30Z\",\"price\":\"1208,50\",\"used\":\"8 %\"}");
    try (var producer = producer()) {
      forms.forEach((id, row) -> producer.send(row("offers", id, row, Map.of())));
    }
    Map<String, String> all = prompts("offers", 33);
    String expected = prompts.get("offer-8");
    assertThat(expected).contains("x2=Monday").contains("x4=November").doesNotContain("?,");
    forms.keySet().forEach(id -> assertThat(all.get(id)).as(id).isEqualTo(expected));
    assertThat(prompts.get("offer-7")).contains("x6=?");
  }

  @Test
  void eachTaskReadsASourceFromItsFirstRowWhoeverHasReadItBefore() {
    var source = new Topic<>("applications", byte[].class, 2, Map.of());
    TopicAdmin.ensure(kafka.settings(), List.of(source));
    try (var producer = producer()) {
      for (int i = 0; i < 250; i++) {
        producer.send(new ProducerRecord<>(source.name(), bytes("row-" + i), bytes(ROW)));
      }
      producer.flush();
      producer.send(task(Loans.approvals("source-a", source.name(), "applications.later")));
      assertAnswered("source-a", 250);
      producer.send(task(Loans.approvals("source-b", source.name())));
      assertAnswered("source-b", 250);

      producer.send(new ProducerRecord<>(source.name(), bytes("row-250"), bytes(ROW)));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-251"), bytes("no json")));
      assertAnswered("source-a", 251);
      assertAnswered("source-b", 251);
      assertThat(read(TOPICS.deadLetters(), letter -> text(letter.key()).equals("row-251"), 2))
          .extracting(letter -> HeaderValues.string(letter.headers(), Headers.ERROR_TASK))
          .containsExactlyInAnyOrder("source-a", "source-b");
    }
  }

  @Test
  void aTaskMadeAnewReadsItsPastAndSoDoesANewReading() {
    // its rows are of 1970, and the broker must not find them too old
    var source = new Topic<>("payments", byte[].class, 2, Map.of("retention.ms", "-1"));
    TopicAdmin.ensure(kafka.settings(), List.of(source));
    try (var producer = producer()) {
      for (int i = 0; i < 40; i++) {
        producer.send(
            new ProducerRecord<>(
                source.name(), null, 1_000L * i, bytes("row-" + i), bytes(ROW), List.of()));
      }
      TaskSpec task = Loans.approvals("anew", source.name());
      producer.send(task(task));
      assertAnswered("anew", 40);

      producer.send(new ProducerRecord<>(TOPICS.tasks().name(), bytes("anew"), (byte[]) null));
      producer.send(task(task));
      assertAnswered("anew", 80);

      producer.send(task(reading(task, new Source(source.name(), 30_000L, "again"))));
      assertAnswered("anew", 90);
      producer.send(task(reading(task, new Source(source.name(), 30_000L, "again"))));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-40"), bytes(ROW)));
      assertAnswered("anew", 91);

      TaskSpec mended = reading(task, new Source(source.name(), 30_000L, "again"));
      producer.send(task(mended.toBuilder().template(TemplateSpec.free("{no column}")).build()));
      producer.send(new ProducerRecord<>(source.name(), bytes("row-41"), bytes(ROW)));
      producer.send(task(mended));
      assertAnswered("anew", 92);
      producer.send(new ProducerRecord<>(source.name(), bytes("row-42"), bytes(ROW)));
      assertAnswered("anew", 93);
    }
  }

  private static ProducerRecord<byte[], byte[]> draft(TaskDraft draft) {
    return new ProducerRecord<>(TOPICS.taskDrafts().name(), bytes(draft.name()), Json.write(draft));
  }

  private TaskSpec published(String task) {
    var records = read(TOPICS.tasks(), record -> text(record.key()).equals(task), 1);
    return Json.read(records.get(0).value(), TaskSpec.class);
  }

  private static TaskSpec reading(TaskSpec task, Source source) {
    return task.toBuilder().version(task.version() + 1).sources(List.of(source)).build();
  }

  /** So many requests of a task are there, and no more. */
  private void assertAnswered(String task, int rows) {
    read(
        TOPICS.requests(),
        record -> Json.read(record.value(), RequestMessage.class).task().equals(task),
        rows);
  }

  /** The prompts of a task's requests by row. */
  private Map<String, String> prompts(String task, int rows) {
    Map<String, String> prompts = new TreeMap<>();
    var requests =
        read(
            TOPICS.requests(),
            record -> Json.read(record.value(), RequestMessage.class).task().equals(task),
            rows);
    for (ConsumerRecord<byte[], byte[]> record : requests) {
      prompts.put(text(record.key()), Json.read(record.value(), RequestMessage.class).prompt());
    }
    return prompts;
  }
}
