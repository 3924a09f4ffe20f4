package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.NumberFormat;
import io.lift.core.task.NumberStats;
import io.lift.core.task.TaskSpec;
import io.lift.core.task.TaskType;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.Softmax;
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.text.PublishedEncoder;
import io.lift.model.text.PublishedTokenizer;
import io.lift.model.text.TinyTokenizers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tries, cached prefixes and mixed batches, against each candidate in full, alone. */
class BatchScorerTest {
  private static final NumberStats STATS = new NumberStats(100, 0, 1, -3, 3, 2);
  private static final PublishedTokenizer BYTE_LEVEL =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.byteLevel(60));
  private static final PublishedTokenizer METASPACE =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.metaspace(60));

  private final NDManager manager = TorchEngine.load().newBaseManager(TorchEngine.device("cpu"));

  @AfterAll
  static void close() {
    BYTE_LEVEL.close();
    METASPACE.close();
  }

  /** A tiny model of a family with three tasks: single tokens, words that share, numbers. */
  private final class Setting implements AutoCloseable {
    final DecoderConfig config;
    final Decoder decoder;
    final DecoderWeights weights;
    final PublishedTokenizer tokenizer;
    final BatchScorer scorer;
    final List<TaskLanguage> languages =
        List.of(
            language("a", column("y", "1", "0"), NumberFormat.fixed(2)),
            language(
                "b",
                column("kind", "new in town", "new", "newer", "no", "né"),
                NumberFormat.adaptive()),
            language("c", Column.number("y", STATS), NumberFormat.grid()));

    Setting(String family) {
      tokenizer = family.equals("llama") ? METASPACE : BYTE_LEVEL;
      config = TinyModels.config(family, tokenizer.size());
      decoder = TinyModels.decoder(config, manager);
      weights = TinyModels.weights(config, manager, 1);
      scorer = new BatchScorer(decoder, weights, manager);
    }

    AdapterContext context(int task, Adapter adapter) {
      TaskLanguage language = languages.get(task);
      PublishedEncoder encoder =
          new PublishedEncoder(tokenizer, config.vocabSize(), language, config.maxPositions());
      return new AdapterContext(language, encoder, adapter, manager.newSubManager());
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gptj", "llama", "qwen2", "qwen3"})
  void probabilitiesAreThoseOfEachCandidateInFull(String family) {
    try (Setting setting = new Setting(family)) {
      for (int task = 0; task < 3; task++) {
        Adapter adapter = task == 0 ? null : TinyModels.adapter(setting.config, manager, task);
        AdapterContext context = setting.context(task, adapter);
        List<BatchScorer.Row> rows = rows(setting, context, task, task == 2 ? 2 : 8, 3);
        double[][] scored = setting.scorer.probabilities(rows);
        for (int i = 0; i < rows.size(); i++) {
          double[] alone =
              inFull(setting, context, adapter, setting.languages.get(task), rows.get(i).prompt());
          assertThat(scored[i]).as(family + " task " + task).containsExactly(alone, within(1e-4));
          assertThat(Arrays.stream(scored[i]).sum()).isCloseTo(1, within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gptj", "llama", "qwen2", "qwen3"})
  void aRowsProbabilitiesDependOnNoOtherRowOfItsBatch(String family) {
    try (Setting setting = new Setting(family)) {
      List<BatchScorer.Row> rows = new ArrayList<>();
      for (int task = 0; task < 3; task++) {
        for (int v = 0; v < 2; v++) {
          Adapter adapter =
              v == 0 ? null : TinyModels.adapter(setting.config, manager, 10 * task + v);
          rows.addAll(rows(setting, setting.context(task, adapter), task, 12, task + v));
        }
      }
      double[][] together = setting.scorer.probabilities(rows);

      // adapters change what is answered, or this test would say nothing
      assertThat(together[0]).isNotEqualTo(together[12]);
      List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
      Collections.shuffle(order, new Random(4));
      for (int size : new int[] {1, 5, 72}) {
        for (int from = 0; from < order.size(); from += size) {
          List<Integer> part = order.subList(from, Math.min(order.size(), from + size));
          double[][] scored = setting.scorer.probabilities(part.stream().map(rows::get).toList());
          for (int i = 0; i < scored.length; i++) {
            assertThat(scored[i]).containsExactly(together[part.get(i)], within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void promptsCutAtTheirBeginningAreScoredWithoutTheCachedPrefix() {
    try (Setting setting = new Setting("gpt2")) {
      AdapterContext context = setting.context(1, null);
      assertThat(context.prefix().length).isGreaterThan(2);
      List<BatchScorer.Row> rows = new ArrayList<>(rows(setting, context, 1, 4, 5));
      int[] whole = rows.get(0).prompt();
      int[] cut = Arrays.copyOfRange(whole, 3, whole.length);
      rows.add(new BatchScorer.Row(context, cut));

      double[][] scored = setting.scorer.probabilities(rows);

      assertThat(scored[4])
          .containsExactly(
              inFull(setting, context, null, setting.languages.get(1), cut), within(1e-4));
      assertThat(scored[0])
          .containsExactly(
              inFull(setting, context, null, setting.languages.get(1), whole), within(1e-4));
    }
  }

  @Test
  void hundredsOfLabelsAreReadInSeveralPasses() {
    try (Setting setting = new Setting("gpt2")) {
      Random random = new Random(7);
      String[] labels =
          IntStream.range(0, 300)
              .mapToObj(
                  i ->
                      i
                          + random
                              .ints(5, 'a', 'z' + 1)
                              .collect(
                                  StringBuilder::new,
                                  StringBuilder::appendCodePoint,
                                  StringBuilder::append)
                              .toString())
              .toArray(String[]::new);
      TaskLanguage language = language("d", column("y", labels), NumberFormat.grid());
      PublishedEncoder encoder = new PublishedEncoder(BYTE_LEVEL, BYTE_LEVEL.size(), language, 512);
      AdapterContext context = new AdapterContext(language, encoder, null, manager.newSubManager());
      assertThat(context.trie().nodes()).isGreaterThan(600);
      int[] prompt = context.tokens(language.prompt(new Row(Map.of("a", 1.0), null)));
      BatchScorer.Row row = new BatchScorer.Row(context, prompt);

      double[][] scored = setting.scorer.probabilities(List.of(row, row));

      double[] alone = inFull(setting, context, null, language, prompt);
      assertThat(scored[0]).containsExactly(alone, within(1e-4));
      assertThat(scored[1]).containsExactly(alone, within(1e-4));
    }
  }

  @Test
  void labelsOfTheSameTokensAreRejected() {
    try (Setting setting = new Setting("gpt2")) {
      TaskLanguage language = language("d", column("y", "a", "a"), NumberFormat.grid());
      PublishedEncoder encoder = new PublishedEncoder(BYTE_LEVEL, BYTE_LEVEL.size(), language, 512);
      assertThatThrownBy(() -> new AdapterContext(language, encoder, null, manager))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("cannot tell all labels of task d apart");
    }
  }

  @Test
  void scoringLeavesNoArraysBehind() {
    try (Setting setting = new Setting("qwen3")) {
      List<BatchScorer.Row> rows = new ArrayList<>();
      for (int task = 0; task < 3; task++) {
        rows.addAll(rows(setting, setting.context(task, null), task, 20, 6));
      }
      setting.scorer.probabilities(rows);
      int before = manager.getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        setting.scorer.probabilities(rows);
      }
      assertThat(manager.getManagedArrays()).hasSize(before);
    }
  }

  /** One forward pass per candidate, from its first token to its last. */
  private double[] inFull(
      Setting setting,
      AdapterContext context,
      Adapter adapter,
      TaskLanguage language,
      int[] prompt) {
    List<String> candidates = language.candidates();
    List<int[]> answers = candidates.stream().map(context.encoder()::answer).toList();
    double[] logs = new double[answers.size()];
    for (int a = 0; a < logs.length; a++) {
      int[] answer = answers.get(a);
      boolean begins =
          answers.stream()
              .anyMatch(
                  o ->
                      o.length > answer.length
                          && Arrays.equals(o, 0, answer.length, answer, 0, answer.length));
      int[] scored = begins ? Arrays.copyOf(answer, answer.length + 1) : answer;
      if (begins) {
        scored[answer.length] = context.encoder().end()[0];
      }
      long[] ids =
          IntStream.concat(Arrays.stream(prompt), Arrays.stream(scored)).asLongStream().toArray();
      try (NDScope scope = new NDScope()) {
        TokenInput tokens =
            TokenInput.of(
                manager.create(Arrays.copyOf(ids, ids.length - 1)),
                1,
                ids.length - 1,
                null,
                adapter,
                null);
        NDArray all =
            setting.decoder.logits(setting.weights, tokens, scored.length, 0).logSoftmax(2);
        float[] flat = all.toFloatArray();
        for (int t = 0; t < scored.length; t++) {
          logs[a] += flat[t * setting.config.vocabSize() + scored[t]];
        }
      }
    }
    return Softmax.of(logs);
  }

  private static List<BatchScorer.Row> rows(
      Setting setting, AdapterContext context, int task, int count, long seed) {
    Random random = new Random(seed);
    List<BatchScorer.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Prompt prompt =
          setting
              .languages
              .get(task)
              .prompt(
                  new Row(
                      Map.of(
                          "a",
                          random.nextGaussian() * Math.pow(10, random.nextInt(4)),
                          "note",
                          "x".repeat(random.nextInt(20))),
                      null));
      rows.add(new BatchScorer.Row(context, context.tokens(prompt)));
    }
    return rows;
  }

  private static Column column(String name, String... labels) {
    return Column.category(name, List.of(labels));
  }

  private static TaskLanguage language(String name, Column target, NumberFormat numbers) {
    return new TaskLanguage(
        new TaskSpec(
            name,
            1,
            target.numbers() == null ? TaskType.CLASSIFICATION : TaskType.REGRESSION,
            List.of(Column.number("a", STATS), Column.text("note")),
            target,
            null,
            numbers,
            null,
            null,
            null));
  }
}
