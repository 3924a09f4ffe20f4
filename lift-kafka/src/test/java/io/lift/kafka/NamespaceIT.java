package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.messages.Groups;
import io.lift.messages.HeaderValues;
import io.lift.messages.Json;
import io.lift.messages.Namespace;
import io.lift.messages.TaskDraft;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class NamespaceIT {

  @Test
  void installationsWithDifferentPrefixesShareABrokerAndDoNotSeeOneAnother() throws Exception {
    List<String> first = install("teamA.", "loans");
    List<String> second = install("teamB.", "flats");

    assertThat(first).containsExactly("teamA.lift-serializer", "loans");
    assertThat(second).containsExactly("teamB.lift-serializer", "flats");
    assertThat(install("teamA.", "wines"))
        .containsExactly("teamA.lift-serializer", "loans", "wines");
    try (Admin admin = Admin.create(TestBroker.kafka())) {
      Set<String> names = admin.listTopics().names().get();
      for (Topic<?> topic : Topics.all()) {
        assertThat(names).contains("teamA." + topic.name(), "teamB." + topic.name());
      }
    }
  }

  @Test
  void aPrefixThatKafkaDoesNotTakeIsRefused() {
    assertThatThrownBy(() -> Namespace.use("team A/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lift.topics.prefix")
        .hasMessageContaining("'team A/'");
  }

  @Test
  void onceANameIsMadeTheProcessKeepsItsPrefix() {
    assertThat(Topics.ROWS.name()).isEqualTo("lift.rows");
    Namespace.use("");
    assertThatThrownBy(() -> Namespace.use("late."))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("late.");
    assertThat(Namespace.name("x")).isEqualTo("x");
  }

  /** The library once more, in a class loader of its own, as another process would have it. */
  @SuppressWarnings("unchecked")
  private static List<String> install(String prefix, String task) throws Exception {
    URL[] classpath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .map(NamespaceIT::url)
            .toArray(URL[]::new);
    Map<String, Object> kafka = TestBroker.kafka();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader process =
        new URLClassLoader(classpath, ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(process);
      BiFunction<Map<String, Object>, List<String>, List<String>> installation =
          (BiFunction<Map<String, Object>, List<String>, List<String>>)
              process.loadClass(Installation.class.getName()).getConstructor().newInstance();
      return installation.apply(kafka, List.of(prefix, task));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * Makes all topics, asks for a task to be inferred, and says its group and what tasks it sees.
   */
  public static final class Installation
      implements BiFunction<Map<String, Object>, List<String>, List<String>> {
    @Override
    public List<String> apply(Map<String, Object> kafka, List<String> prefixAndTask) {
      Namespace.use(prefixAndTask.get(0));
      String task = prefixAndTask.get(1);
      TopicAdmin.ensure(kafka, Topics.all());
      try (var producer = KafkaClients.producer(kafka, Map.of());
          var drafts = new CompactedTable<>(Topics.TASK_DRAFTS, kafka)) {
        TaskDraft draft = new TaskDraft(task, "rows-of-" + task, "target", null, null, null);
        producer
            .send(
                new ProducerRecord<>(
                    Topics.TASK_DRAFTS.name(), HeaderValues.bytes(task), Json.write(draft)))
            .get();
        drafts.start();
        assertThat(drafts.refresh(Duration.ofSeconds(30))).isTrue();
        return Stream.concat(
                Stream.of(Groups.SERIALIZER), new TreeSet<>(drafts.snapshot().keySet()).stream())
            .toList();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
