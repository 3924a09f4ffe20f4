package io.lift.cli.inspect;

import io.lift.cli.kafka.ConnectionSettings;
import io.lift.cli.stack.ConnectionOptions;
import io.lift.cli.term.Terminal;
import io.lift.cli.term.TextTable;
import io.lift.kafka.KafkaFailures;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Topic;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lift topics}. */
@Command(
    name = "topics",
    header = "Create the topics that are missing and show all.",
    description = {
      "The services create missing topics themselves if their rights allow it. If only an operator"
          + " may create topics, run this first."
    },
    footer = {
      "  lift topics",
      "  lift topics --bootstrap kafka.example.org:9093 --kafka-config operator.properties"
    })
public final class TopicsCommand implements Callable<Integer> {
  @Mixin private ConnectionOptions connection;

  @Override
  public Integer call() throws InterruptedException {
    ConnectionSettings kafka = connection.settings();
    TopicAdmin.ensure(kafka.client(), kafka.topics().all());
    TextTable table = new TextTable("TOPIC", "PARTITIONS", "COPIES", "KEPT");
    try (Admin admin = Admin.create(kafka.client())) {
      Map<String, TopicDescription> found =
          admin
              .describeTopics(kafka.topics().all().stream().map(Topic::name).toList())
              .allTopicNames()
              .get();
      for (Topic<?> topic : kafka.topics().all()) {
        TopicDescription description = found.get(topic.name());
        table.row(
            topic.name(),
            description.partitions().size(),
            description.partitions().get(0).replicas().size(),
            kept(topic));
      }
    } catch (ExecutionException e) {
      throw KafkaFailures.explain(kafka.client(), e.getCause());
    }
    Terminal.stdout().out().println(table.render(Terminal.stdout()));
    return 0;
  }

  private static String kept(Topic<?> topic) {
    String retention = topic.configs().get("retention.ms");
    if (retention == null) {
      return "compacted";
    }
    long hours = Long.parseLong(retention) / 3_600_000;
    return hours <= 0 ? "unlimited" : hours < 48 ? hours + " h" : hours / 24 + " days";
  }
}
