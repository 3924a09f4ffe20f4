package io.lift.model.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
  private static final PublishedTokenizer TOKENIZER =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.byteLevel(60));
  private static final List<Prompt> PROMPTS =
      IntStream.range(0, 70)
          .mapToObj(
              i -> new Prompt("When we have x1=" + "7".repeat(i % 9) + i + " ###", new int[0]))
          .toList();

  private NDManager manager;
  private DecoderConfig config;
  private Decoder decoder;
  private DecoderWeights weights;
  private Adapter adapter;
  private PublishedEncoder encoder;

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  @BeforeEach
  void open() {
    manager = TorchEngine.load().newBaseManager(TorchEngine.device("cpu"));
    make("gpt2");
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gptj", "qwen3"})
  void greedyTextIsThatOfWholePassesWithoutACache(String family) {
    make(family);
    List<String> texts =
        generator().generate(PROMPTS.subList(0, 10), Sampling.greedy(12, List.of()));
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i)).isEqualTo(token(PROMPTS.get(i), 12));
    }
  }

  @Test
  void aRowsTextDependsOnSeedAndRowAndNotOnOtherRows() {
    Sampling how = new Sampling(8, 1, 0, 1, List.of(), 11);
    List<String> all = generator().generate(PROMPTS, how);
    List<String> few = generator().generate(PROMPTS.subList(0, 5), how);

    assertThat(few).isEqualTo(all.subList(0, 5));
    assertThat(generator().generate(PROMPTS, how)).isEqualTo(all);
    Sampling other = new Sampling(8, 1, 0, 1, List.of(), 12);
    assertThat(generator().generate(PROMPTS, other)).isNotEqualTo(all);
  }

  @Test
  void aTextEndsBeforeItsFirstStopString() {
    List<Prompt> one = PROMPTS.subList(0, 1);
    String whole = generator().generate(one, Sampling.greedy(12, List.of())).get(0);
    String stop = whole.substring(4, 6);

    String cut = generator().generate(one, Sampling.greedy(12, List.of("never", stop))).get(0);

    assertThat(cut).isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @Test
  void aTextEndsWhereTheModelsPositionsEnd() {
    // GPT-2 has a table of positions: one token more would read beyond it
    List<Prompt> one = PROMPTS.subList(0, 1);
    String most = generator().generate(one, Sampling.greedy(10_000, List.of())).get(0);
    int room = config.maxPositions() - encoder.prompt(one.get(0)).length;
    assertThat(most).isEqualTo(generator().generate(one, Sampling.greedy(room, List.of())).get(0));
  }

  @Test
  void writingLeavesNoArraysBehind() {
    generator().generate(PROMPTS, Sampling.greedy(3, List.of()));
    int before = manager.getManagedArrays().size();
    generator().generate(PROMPTS, Sampling.greedy(6, List.of()));
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  private void make(String family) {
    config = TinyModels.config(family, TOKENIZER.size());
    decoder = TinyModels.decoder(config, manager);
    weights = TinyModels.weights(config, manager, 1);
    adapter = TinyModels.adapter(config, manager, 2);
    TaskLanguage language =
        new TaskLanguage(
            new TaskSpec(
                "a",
                1,
                TaskType.CLASSIFICATION,
                List.of(Column.number("a", new NumberStats(9, 0, 1, -3, 3, 2))),
                Column.category("y", List.of("yes", "no")),
                null,
                NumberFormat.fixed(2),
                null,
                null,
                null));
    encoder = new PublishedEncoder(TOKENIZER, config.vocabSize(), language, config.maxPositions());
  }

  private Generator generator() {
    return new Generator(decoder, weights, adapter, encoder, manager);
  }

  /** Token by token, each from the first token on. */
  private String token(Prompt prompt, int count) {
    int[] promptTokens = encoder.prompt(prompt);
    List<Integer> written = new ArrayList<>();
    while (written.size() < count) {
      long[] ids =
          IntStream.concat(Arrays.stream(promptTokens), written.stream().mapToInt(i -> i))
              .asLongStream()
              .toArray();
      try (NDScope scope = new NDScope()) {
        TokenInput tokens = TokenInput.of(manager.create(ids), 1, ids.length, null, adapter, null);
        int next = (int) decoder.logits(weights, tokens, 1, 0).argMax(2).toLongArray()[0];
        if (encoder.isEndOfText(next)) {
          break;
        }
        written.add(next);
      }
    }
    return encoder.decode(written.stream().mapToInt(i -> i).toArray());
  }
}
