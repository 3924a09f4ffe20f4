package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.checkpoint.published.DecoderConfig;
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
import io.lift.model.decoder.TokenInput;
import io.lift.model.decoder.TorchEngine;
import io.lift.model.text.PublishedEncoder;
import io.lift.model.text.PublishedTokenizer;
import io.lift.model.text.TinyTokenizers;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberScorerTest {
  private NDManager manager;
  private PublishedTokenizer tokenizer;
  private DecoderConfig config;
  private Decoder decoder;
  private DecoderWeights weights;
  private Adapter adapter;
  private AdapterContext context;
  private NumberScorer scorer;
  private TaskLanguage language;

  @BeforeEach
  void open() {
    manager = TorchEngine.load().newBaseManager(TorchEngine.device("cpu"));
  }

  @AfterEach
  void close() {
    tokenizer.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void theWholeGrammarIsFoundWithEveryWayToSpellANumber(String family) {
    make(family);
    DecimalGrammar grammar = new DecimalGrammar(1, 1);
    List<int[]> prompts = prompts(1);
    List<NumberDistribution> found =
        scorer.distributions(prompts, grammar, new NumberGoal(1, 0, 100_000));

    for (int r = 0; r < prompts.size(); r++) {
      NumberDistribution numbers = found.get(r);
      assertThat(numbers.total()).isCloseTo(1, within(1e-9));
      double all = 0;
      double[] expected = new double[100];
      for (int n = 0; n < 100; n++) {
        expected[n] = spelled(prompts.get(r), " " + n / 10 + "." + n % 10, "");
        all += expected[n] + spelled(prompts.get(r), " -" + n / 10 + "." + n % 10, "");
      }
      for (int n = 1; n < 100; n++) {
        double value = n / 10.0;
        double cell =
            numbers.cells().stream()
                .filter(c -> Math.abs((c.lower() + c.upper()) / 2 - value) < 1e-6)
                .filter(c -> c.upper() - c.lower() < 0.11)
                .mapToDouble(NumberDistribution.Cell::probability)
                .sum();
        assertThat(cell).isCloseTo(expected[n] / all, within(2e-4));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void lessMassIsFoundSoonerAndTheRestIsSaid(String family) {
    make(family);
    DecimalGrammar grammar = new DecimalGrammar(2, 3);
    List<int[]> prompts = prompts(40);
    List<NumberDistribution> rough =
        scorer.distributions(prompts, grammar, new NumberGoal(0.5, 1, 10_000));
    List<NumberDistribution> none =
        scorer.distributions(prompts, grammar, new NumberGoal(0.99, 0, 3));

    assertThat(rough.stream().map(NumberDistribution::unresolved))
        .hasSize(40)
        .allMatch(unresolved -> unresolved <= 0.5 + 1e-9);
    assertThat(none.stream().map(NumberDistribution::unresolved)).allMatch(u -> u > 0.5);
    for (NumberDistribution numbers : rough) {
      assertThat(numbers.total()).isCloseTo(1, within(1e-9));
      double last = Double.NEGATIVE_INFINITY;
      for (double share : new double[] {0, 0.05, 0.5, 0.95, 1}) {
        assertThat(numbers.quantile(share)).isGreaterThanOrEqualTo(last);
        last = numbers.quantile(share);
      }
      assertThat(numbers.below(numbers.median())).isCloseTo(0.5, within(1e-6));
      assertThat(numbers.mean()).isBetween(numbers.quantile(0), numbers.quantile(1));
    }
  }

  /** The probability of a text in all ways that tokens spell it, each read alone. */
  private double spelled(int[] prompt, String text, String done) {
    if (done.equals(text)) {
      return 1;
    }
    float[] next = next(prompt);
    double sum = 0;
    for (int token = 0; token < tokenizer.size(); token++) {
      String more =
          context.encoder().isEndOfText(token) ? "" : context.encoder().decode(new int[] {token});
      if (!more.isEmpty() && text.startsWith(done + more) && next[token] > 1e-9) {
        int[] longer = IntStream.concat(IntStream.of(prompt), IntStream.of(token)).toArray();
        sum += next[token] * spelled(longer, text, done + more);
      }
    }
    return sum;
  }

  private final Map<String, float[]> asked = new java.util.HashMap<>();

  private float[] next(int[] prompt) {
    return asked.computeIfAbsent(
        java.util.Arrays.toString(prompt),
        key -> {
          try (NDScope scope = new NDScope()) {
            long[] ids = IntStream.of(prompt).asLongStream().toArray();
            TokenInput tokens =
                TokenInput.of(manager.create(ids), 1, ids.length, null, adapter, null);
            return decoder.logits(weights, tokens, 1, 0).softmax(2).toFloatArray();
          }
        });
  }

  private void make(String family) {
    asked.clear();
    tokenizer =
        PublishedTokenizer.read(
            "tokenizer.json",
            family.equals("gpt2") ? TinyTokenizers.byteLevel(60) : TinyTokenizers.metaspace(60));
    config = TinyModels.config(family, tokenizer.size());
    decoder = TinyModels.decoder(config, manager);
    weights = TinyModels.weights(config, manager, 1);
    adapter = TinyModels.adapter(config, manager, 2);
    NumberStats stats = new NumberStats(9, 0, 1, -3, 3, 2);
    language =
        new TaskLanguage(
            new TaskSpec(
                "a",
                1,
                TaskType.REGRESSION,
                List.of(Column.number("a", stats)),
                Column.number("y", stats),
                null,
                NumberFormat.fixed(2),
                null,
                null,
                null));
    PublishedEncoder encoder =
        new PublishedEncoder(tokenizer, config.vocabSize(), language, config.maxPositions());
    context = new AdapterContext(language, encoder, adapter, manager.newSubManager());
    BatchScorer batches = new BatchScorer(decoder, weights, manager);
    scorer = new NumberScorer(decoder, weights, batches, context, manager);
  }

  private List<int[]> prompts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> language.prompt(new Row(Map.of("a", i * 1.7), null)))
        .map(context::tokens)
        .toList();
  }
}
