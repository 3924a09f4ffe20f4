package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lift.bench.stream.CommittedReader;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.ClientLogs;
import io.lift.cli.term.Terminal;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/**
 * A short run of the packaged services in which every kind of message is sent, against {@code
 * docs/asyncapi.yaml}. What was sent is kept in {@code target/wire}: the examples of the document
 * are from there.
 */
class WireContractIT {
  private static final Topics TOPICS = Topics.of("");
  private static final Path SENT = Path.of("target/wire");

  private final AsyncApi api = AsyncApi.read();
  private final List<String> faults = new ArrayList<>();

  WireContractIT() throws IOException {}

  @Test
  void everythingThatTheServicesSendIsAsTheDocumentSays() throws Exception {
    ClientLogs.quieten(false);
    Files.createDirectories(SENT);
    Home home = Home.find();
    try (Workspace workspace = Workspace.claim(home, "wire");
        Stack stack =
            Stack.start(
                home,
                new StackOptions(workspace.directory(), Optional.empty(), 1, false),
                Terminal.stdout())) {
      try (WireTrial trial = new WireTrial(stack.kafka())) {
        trial.run();
      }
      check(stack.kafka().client());
    }
    assertThat(faults).isEmpty();
  }

  private void check(Map<String, Object> kafka) throws IOException {
    Set<String> refused = new HashSet<>();
    for (var letter : CommittedReader.readAll(kafka, TOPICS.deadLetters())) {
      refused.add(
          place(
              HeaderValues.string(letter.headers(), Headers.ERROR_TOPIC),
              HeaderValues.string(letter.headers(), Headers.ERROR_PARTITION),
              HeaderValues.string(letter.headers(), Headers.ERROR_OFFSET)));
    }
    Map<String, AsyncApi.Channel> channels = api.channels();
    List<String> silent = new ArrayList<>();
    for (Topic<?> topic : TOPICS.all()) {
      var records = CommittedReader.readAll(kafka, topic);
      check(channels.get(topic.name()), records, refused);
      if (records.stream().allMatch(record -> record.value() == null)) {
        silent.add(topic.name());
      }
    }
    assertThat(silent).as("topics on which nothing was seen").isEmpty();
    JsonNode prediction = api.document().at("/components/messages/prediction");
    AsyncApi.Channel answers =
        new AsyncApi.Channel(
            WireTrial.ANSWERS.name(), api.document().at("/channels/answers"), prediction);
    var replies = CommittedReader.readAll(kafka, WireTrial.ANSWERS);
    assertThat(replies).hasSize(2);
    check(answers, replies, refused);
  }

  private void check(
      AsyncApi.Channel channel, List<ConsumerRecord<String, byte[]>> records, Set<String> refused)
      throws IOException {
    List<String> lines = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      String place = place(record.topic(), "" + record.partition(), "" + record.offset());
      boolean used = !refused.contains(place);
      lines.add(line(record, used && channel.json()));
      if (!used) {
        continue; // need not be as described
      }
      List<String> errors = new ArrayList<>(api.keyErrors(channel.message(), record.key()));
      errors.addAll(api.headerErrors(channel.message(), record.headers()));
      errors.addAll(api.valueErrors(channel, record.value()));
      if (!errors.isEmpty()) {
        faults.add(place + " " + errors + " in " + lines.get(lines.size() - 1));
      }
    }
    Files.write(SENT.resolve(channel.address() + ".jsonl"), lines);
  }

  private static String place(String topic, String partition, String offset) {
    return topic + "-" + partition + "@" + offset;
  }

  /** A record as the document writes examples; bytes as text. */
  private static String line(ConsumerRecord<String, byte[]> record, boolean json) {
    Map<String, String> headers = new LinkedHashMap<>();
    record
        .headers()
        .forEach(header -> headers.put(header.key(), HeaderValues.text(header.value())));
    boolean chunk = record.topic().equals(TOPICS.checkpointChunks().name());
    String value = chunk ? record.value().length + " bytes" : HeaderValues.text(record.value());
    return "{\"key\":%s,\"headers\":%s,\"payload\":%s}"
        .formatted(json(record.key()), json(headers), json ? value : json(value));
  }

  private static String json(Object value) {
    return HeaderValues.text(Json.write(value));
  }
}
