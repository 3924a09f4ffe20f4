package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lift.core.prompt.Prompt;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TokenInput;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TaskEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes text after prompts, token by token, many rows at once. Each prompt and each token are read
 * once, and their keys and values are cached. The probabilities of M members are averaged.
 * Thread-safe.
 */
public final class Generator {
  private static final int MAX_ROWS = 64;

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final Adapter adapter;
  private final TaskEncoder encoder;
  private final NDManager manager;

  /**
   * @param weights of M members
   * @param adapter beside them, or null
   * @param manager on the weights' device
   */
  public Generator(
      Decoder decoder,
      DecoderWeights weights,
      Adapter adapter,
      TaskEncoder encoder,
      NDManager manager) {
    this.decoder = decoder;
    this.weights = weights;
    this.adapter = adapter;
    this.encoder = encoder;
    this.manager = manager;
  }

  /**
   * The text that the model writes after each prompt, in order. A text ends at a stop string, at a
   * token that ends every text, or at the limit of tokens.
   */
  public List<String> generate(List<Prompt> prompts, Sampling sampling) {
    List<String> texts = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += MAX_ROWS) {
      int to = Math.min(prompts.size(), from + MAX_ROWS);
      List<Text> rows = new ArrayList<>();
      for (int r = from; r < to; r++) {
        rows.add(new Text(encoder.prompt(prompts.get(r)), r, sampling));
      }
      write(rows, sampling);
      rows.forEach(row -> texts.add(row.text));
    }
    return texts;
  }

  private void write(List<Text> rows, Sampling sampling) {
    LeftPadded prompts = LeftPadded.of(rows.stream().map(row -> row.prompt).toArray(int[][]::new));
    try (NDManager owner = manager.newSubManager()) {
      Output output = read(rows.size(), prompts.ids(), prompts.padding(), null, owner);
      KeyValueCache promptCache = new KeyValueCache(List.of(output.part()));
      KeyValueCache.Part written = null;
      NDManager writtenOwner = null;
      for (int t = 1; ; t++) {
        long[] next = new long[rows.size()];
        boolean unfinished = false;
        for (int r = 0; r < next.length; r++) {
          next[r] = rows.get(r).choose(output.probabilities(), r * encoder.answers());
          unfinished |= !rows.get(r).done;
        }
        if (!unfinished || t == sampling.maxTokens()) {
          return;
        }
        NDManager longerOwner = owner.newSubManager();
        KeyValueCache cache = written == null ? promptCache : promptCache.append(written);
        output = read(rows.size(), next, null, cache, longerOwner);
        written = written == null ? output.part() : written.concat(output.part(), longerOwner);
        if (writtenOwner != null) {
          writtenOwner.close();
        }
        writtenOwner = longerOwner;
      }
    }
  }

  /**
   * The output of a pass.
   *
   * @param probabilities of the next token, (R, A)
   * @param part the keys and values of the tokens read
   */
  private record Output(float[] probabilities, KeyValueCache.Part part) {}

  /**
   * @param rows R
   * @param ids (R * T)
   * @param padding of each row; null for none
   * @param cache the keys and values before the tokens; null for none
   * @param owner of the keys and values
   */
  private Output read(int rows, long[] ids, int[] padding, KeyValueCache cache, NDManager owner) {
    int members = weights.members();
    int length = ids.length / rows;
    long[] shifted = new long[members * ids.length];
    int[] allPadding = padding == null ? null : new int[members * rows];
    for (int m = 0; m < members; m++) {
      for (int i = 0; i < ids.length; i++) {
        shifted[m * ids.length + i] = ids[i] + (long) m * encoder.vocabulary();
      }
      if (padding != null) {
        System.arraycopy(padding, 0, allPadding, m * rows, rows);
      }
    }
    try (NDScope scope = new NDScope()) {
      NDArray tokens = manager.create(shifted);
      Pass pass =
          decoder.cachingPass(
              weights,
              TokenInput.of(tokens, members * rows, length, allPadding, adapter, cache),
              1);
      NDArray mean = pass.logits().softmax(2).mean(new int[] {0}); // (R, A)
      return new Output(mean.toFloatArray(), pass.cachePart(owner));
    }
  }

  /** One row while it is written. */
  private final class Text {
    final int[] prompt;
    private final SeededRandom random;
    private final Sampling sampling;
    private final int maxTokens;
    private int[] written = {};
    String text = "";
    boolean done;

    Text(int[] prompt, int row, Sampling sampling) {
      this.prompt = prompt;
      this.sampling = sampling;
      this.random = new SeededRandom(sampling.seed(), RandomStream.GENERATION, row);
      this.maxTokens = decoder.config().maxPositions() - prompt.length;
      this.done = maxTokens <= 0;
    }

    /** The next token; an arbitrary one after the end of the text. */
    int choose(float[] probabilities, int from) {
      int token = sampling.choose(probabilities, from, encoder.answers(), random);
      if (done) {
        return token;
      }
      if (encoder.isEndOfText(token)) {
        done = true;
        return token;
      }
      written = Arrays.copyOf(written, written.length + 1);
      written[written.length - 1] = token;
      text = encoder.decode(written);
      for (String stop : sampling.stops()) {
        int at = text.indexOf(stop);
        if (at >= 0) {
          text = text.substring(0, at);
          done = true;
        }
      }
      done |= written.length == maxTokens;
      return token;
    }
  }
}
