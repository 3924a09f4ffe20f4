package io.lift.serializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lift.messages.HeaderValues;
import io.lift.messages.Topics;
import io.lift.testing.BrokerResource;
import io.lift.testing.Loans;
import io.lift.testing.TopicClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a producer on librdkafka, which is not Kafka's own client. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
class ForeignClientIT {
  private static final Topics TOPICS = Topics.of("");
  private static final String PYTHON = "/usr/bin/python3";
  private static final String PRODUCER =
      """
      import sys
      from confluent_kafka import Producer

      ROW = '{"age": 50, "car": "vw", "approved": "yes"}'
      KINDS = [{'acks': '0'}, {'acks': '1'}, {'acks': 'all'}, {'enable.idempotence': True},
               {'transactional.id': 'foreign'}]
      row = 0
      for codec in ['none', 'gzip', 'snappy', 'lz4', 'zstd']:
          for kind in KINDS:
              producer = Producer({'bootstrap.servers': sys.argv[1], 'compression.type': codec,
                                   'linger.ms': 20, **kind})
              if 'transactional.id' in kind:
                  producer.init_transactions()
                  producer.begin_transaction()
              for i in range(10):
                  producer.produce('lift.rows', key='foreign-%d' % row, value=ROW,
                                   headers=[('lift.task', b'foreign')])
                  row += 1
              if 'transactional.id' in kind:
                  producer.commit_transaction()
              producer.flush()
      """;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @TempDir Path directory;

  @Test
  void rowsOfEveryCodecAndEveryKindOfProducerAreRead() throws Exception {
    boolean installed = run("-c", "import confluent_kafka") == 0;
    if (!installed) {
      System.out.println("ForeignClientIT is skipped: there is no python3-confluent-kafka here.");
    }
    assumeTrue(installed, "no python3-confluent-kafka");
    Path script = Files.writeString(directory.resolve("producer.py"), PRODUCER);
    try (TopicClient client = new TopicClient(bootstrap)) {
      client.send(TOPICS.tasks(), "foreign", Loans.approvals("foreign"));
      assertThat(run(script.toString(), bootstrap)).isZero();

      int rows = 5 * 5 * 10;
      Set<String> read =
          client
              .read(
                  TOPICS.requests(),
                  rows,
                  record -> HeaderValues.text(record.key()).startsWith("foreign-"))
              .stream()
              .map(record -> HeaderValues.text(record.key()))
              .collect(Collectors.toSet());
      assertThat(read).hasSize(rows);
    }
  }

  private static int run(String... arguments) throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(PYTHON))) {
      return -1;
    }
    List<String> command = new ArrayList<>(List.of(PYTHON));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .start()
        .waitFor();
  }
}
