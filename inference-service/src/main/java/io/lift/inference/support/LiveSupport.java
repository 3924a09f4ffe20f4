package io.lift.inference.support;

import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.task.TaskSpec;
import io.lift.kafka.KafkaConnection;
import io.lift.kafka.TopicFollower;
import io.lift.messages.HeaderValues;
import io.lift.messages.Headers;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.PromptOffset;
import io.lift.model.BaseModel;
import io.lift.model.LabelledRowReader;
import io.lift.model.incontext.RowContent;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * The newest labelled rows of all tasks, followed on {@code lift.prompts}, and answers from them.
 * Each replica follows all tasks. After a start it reads the newest records of each partition, so
 * it is ready within seconds. Thread-safe.
 */
public final class LiveSupport implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LiveSupport.class);

  /** Records of each partition that are read at the start. */
  private static final long NEWEST = 20_000;

  /** How long rows wait when a task is asked for the first time, and nothing has been read. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  /** The same of a task with texts, each of which is read by an encoder first. */
  private static final Duration FIRST_OF_TEXTS = Duration.ofSeconds(3);

  /** A batch that takes longer makes the rows wait that come meanwhile. */
  private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** A task's windows are read ahead while somebody asks. */
  private static final long ASKED_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Supplier<BaseModel> base;
  private final SupportReader reader;
  private final Map<String, Followed> tasks = new ConcurrentHashMap<>();
  private final Map<String, TaskSpec> specs = new ConcurrentHashMap<>();
  private final Map<String, Newest> newest = new ConcurrentHashMap<>(); // of tasks with rows
  private final TopicFollower follower;

  /**
   * @param base the base model, once it is open
   * @param capacity bytes that windows may take in memory
   * @param observer is told the nanoseconds that reading a window took
   */
  public LiveSupport(
      KafkaConnection kafka, Supplier<BaseModel> base, long capacity, LongConsumer observer) {
    this.base = base;
    this.reader = new SupportReader(capacity, observer);
    this.follower =
        new TopicFollower(kafka.topics().prompts().name(), kafka.settings(), NEWEST, this::follow);
  }

  /**
   * How the newest version of a task is read.
   *
   * @param reader empty if the in-context model cannot read the task
   */
  private record Newest(TaskSpec spec, TaskLanguage language, Optional<LabelledRowReader> reader) {}

  /** The rows of a task, and what learns them one by one. */
  private record Followed(TaskSupport support, OnlinePredictors online) {}

  /** Begins to follow; the base model is open and the tasks are known by now. */
  public void start() {
    follower.start();
  }

  /** Whether everything that was there at the start has been read. */
  public boolean caughtUp() {
    return follower.caughtUp();
  }

  /** A task was published, or deleted if {@code spec} is null. */
  public void onTask(String name, TaskSpec spec) {
    if (spec == null) {
      specs.remove(name);
      forget(tasks.remove(name));
    } else {
      specs.put(name, spec);
    }
    newest.remove(name);
  }

  /**
   * A drift was detected: rows before it are not read any more.
   *
   * @param since the first row after it; null for no drift
   */
  public void shorten(String name, PromptOffset since) {
    Followed task = tasks.get(name);
    if (task != null && task.support().shorten(since)) {
      reader.forget(task.support());
      readAhead(task.support());
    }
  }

  private void forget(Followed task) {
    if (task != null) {
      reader.forget(task.support());
    }
  }

  private void follow(ConsumerRecord<byte[], byte[]> record) {
    PromptMessage message;
    try {
      message = record.value() == null ? null : Json.read(record.value(), PromptMessage.class);
    } catch (UncheckedIOException e) {
      return; // the trainer makes a dead letter of it
    }
    if (message == null || message.prompt() == null || message.completion() == null) {
      return;
    }
    String language = HeaderValues.string(record.headers(), Headers.LANGUAGE);
    try {
      Newest version = newest.computeIfAbsent(message.task(), this::newestVersion);
      TaskSupport task = version == null ? null : task(version, language);
      if (task == null) {
        return;
      }
      Prompt prompt = message.asPrompt();
      task.reader()
          .row(prompt, completion(message, prompt, version.language()))
          .ifPresent(
              row ->
                  task.add(
                      record.partition(),
                      new SupportRow(
                          message.row(),
                          message.origin(),
                          record.offset(),
                          record.timestamp(),
                          row)));
      readAhead(task);
    } catch (RuntimeException e) {
      LOG.debugf(e, "a training example at offset %d is no labelled row", record.offset());
    }
  }

  private Newest newestVersion(String task) {
    TaskSpec spec = specs.get(task);
    if (spec == null) {
      return null;
    }
    TaskLanguage language = new TaskLanguage(spec);
    return new Newest(spec, language, LabelledRowReader.of(base.get(), language));
  }

  /** Where row and label came apart, the completion lacks the row's linear part. */
  private static String completion(PromptMessage message, Prompt prompt, TaskLanguage language) {
    return message.point() == null
        ? message.completion()
        : language.completion(prompt, Double.valueOf(message.label()));
  }

  /** The rows of the example's task; null if it is in another language or cannot be read. */
  private TaskSupport task(Newest version, String language) {
    String name = version.spec().name();
    Followed known = tasks.get(name);
    if (known != null && (language == null || known.support().languageHash().equals(language))) {
      return known.support();
    }
    String hash = version.language().hash();
    if (version.reader().isEmpty() || language != null && !hash.equals(language)) {
      return null;
    }
    TaskSupport fresh =
        new TaskSupport(
            name,
            hash,
            version.reader().get(),
            version.language().candidates().size(),
            version.spec().training().isDistinct());
    OnlinePredictors online = new OnlinePredictors(fresh, fresh.reader().online());
    forget(tasks.put(name, new Followed(fresh, online)));
    return fresh;
  }

  private static List<SupportWindow> windows(TaskSupport task) {
    return SupportWindow.of(task.reader().boosts());
  }

  private void readAhead(TaskSupport task) {
    long end = task.end();
    if (follower.caughtUp() && task.askedNear(end, ASKED_NANOS)) {
      windows(task).forEach(window -> reader.prepare(task, window, end));
    }
  }

  /**
   * The labelled rows for a row that is a training example too.
   *
   * @param origin of the row
   * @param at the broker's time of its request, epoch milliseconds
   * @param asked whether a predictor is worth its time, by name
   * @param deadline when to stop waiting for rows that are being read, {@link System#nanoTime()}
   * @return empty if there are too few rows
   */
  public Optional<Evidence> before(
      String task,
      String languageHash,
      Prompt prompt,
      Origin origin,
      long at,
      Predicate<String> asked,
      long deadline)
      throws InterruptedException {
    Followed known = inLanguage(task, languageHash);
    if (known == null) {
      return Optional.empty();
    }
    OptionalLong position = known.support().position(origin, at, deadline);
    return position.isEmpty()
        ? Optional.empty()
        : evidence(known, prompt, position.getAsLong(), asked, deadline);
  }

  /**
   * The labelled rows for a row that is no training example so far: all that are there.
   *
   * @param asked whether a predictor is worth its time, by name
   * @param deadline when to stop waiting for rows that are being read, {@link System#nanoTime()}
   * @return empty if there are too few rows
   */
  public Optional<Evidence> newest(
      String task, String languageHash, Prompt prompt, Predicate<String> asked, long deadline)
      throws InterruptedException {
    Followed known = inLanguage(task, languageHash);
    return known == null
        ? Optional.empty()
        : evidence(known, prompt, known.support().end(), asked, deadline);
  }

  /** A task in a language; null if it has no rows. */
  private Followed inLanguage(String task, String hash) {
    Followed known = tasks.get(task);
    return known == null || !known.support().languageHash().equals(hash) ? null : known;
  }

  private Optional<Evidence> evidence(
      Followed followed, Prompt prompt, long position, Predicate<String> asked, long deadline)
      throws InterruptedException {
    TaskSupport task = followed.support();
    task.asked(position);
    List<ReadSupport> contexts = new ArrayList<>();
    for (SupportWindow window : windows(task)) {
      ReadSupport read =
          asked.test(window.predictor())
              ? reader.lease(task, window, position, deadline, false)
              : null;
      if (read != null) {
        contexts.add(read);
      }
    }
    if (contexts.isEmpty() && asked.test(SupportWindow.ALL.get(0).predictor())) {
      // nothing of the task has been read so far
      Duration wait = task.reader().readsTexts() ? FIRST_OF_TEXTS : FIRST;
      long first = task.firstAskedAt() + wait.toNanos();
      ReadSupport read = reader.lease(task, SupportWindow.ALL.get(0), position, first, true);
      contexts.addAll(read == null ? List.of() : List.of(read));
    }
    RowsBefore rows = new RowsBefore(task, followed.online(), position);
    RowContent row = rows.content(prompt);
    Map<String, double[]> online = rows.online(row);
    if (contexts.isEmpty() && online.isEmpty()) {
      return Optional.empty();
    }
    Map<String, double[]> others = rows.withFrequencies(online);
    long from = contexts.stream().mapToLong(ReadSupport::from).min().orElse(position);
    return Optional.of(new Evidence(row, task.support(from, position), contexts, others, rows));
  }

  /** A batch of rows was answered in so many nanoseconds. */
  public void answered(long nanos) {
    if (nanos > SLOW_NANOS) {
      reader.behind();
    }
  }

  /** Steps from one end of a window to the next; more than 1 while reading does not keep up. */
  public int steps() {
    return reader.steps();
  }

  /** Bytes that the windows take. */
  public long bytes() {
    return reader.bytes();
  }

  @Override
  public void close() {
    follower.close();
    reader.close();
  }
}
