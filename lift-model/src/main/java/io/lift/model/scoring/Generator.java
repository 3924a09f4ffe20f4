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
 * Goes on from prompts, token by token, many rows at once. Each prompt is read once and each token
 * once: what was read is cached. Of M members the probabilities are averaged. Thread-safe.
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
   * @param adapter what is added to them, or null
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
   * What the model writes after each prompt, in order: up to a stop string, a token that ends every
   * text, or the most tokens allowed.
   */
  public List<String> generate(List<Prompt> prompts, Sampling how) {
    List<String> texts = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += MAX_ROWS) {
      int to = Math.min(prompts.size(), from + MAX_ROWS);
      List<Text> rows = new ArrayList<>();
      for (int r = from; r < to; r++) {
        rows.add(new Text(encoder.prompt(prompts.get(r)), r, how));
      }
      write(rows, how);
      rows.forEach(row -> texts.add(row.text));
    }
    return texts;
  }

  private void write(List<Text> rows, Sampling how) {
    LeftPadded prompts = LeftPadded.of(rows.stream().map(row -> row.prompt).toArray(int[][]::new));
    try (NDManager kept = manager.newSubManager()) {
      Read read = read(rows.size(), prompts.ids(), prompts.padding(), null, kept);
      KeyValueCache before = new KeyValueCache(List.of(read.part()));
      KeyValueCache.Part written = null;
      NDManager owner = null; // of what was written
      for (int t = 1; ; t++) {
        long[] next = new long[rows.size()];
        boolean going = false;
        for (int r = 0; r < next.length; r++) {
          next[r] = rows.get(r).choose(read.probabilities(), r * encoder.answers());
          going |= !rows.get(r).done;
        }
        if (!going || t == how.maxTokens()) {
          return;
        }
        NDManager longer = kept.newSubManager();
        read =
            read(
                rows.size(), next, null, written == null ? before : before.append(written), longer);
        written = written == null ? read.part() : written.concat(read.part(), longer);
        if (owner != null) {
          owner.close();
        }
        owner = longer;
      }
    }
  }

  /**
   * What a pass gave.
   *
   * @param probabilities of the next token, (R, A)
   * @param part the keys and values of what it read
   */
  private record Read(float[] probabilities, KeyValueCache.Part part) {}

  /**
   * @param rows R
   * @param ids (R * T)
   * @param keeper owns the keys and values
   */
  private Read read(int rows, long[] ids, int[] padding, KeyValueCache before, NDManager keeper) {
    int members = weights.members();
    int length = ids.length / rows;
    long[] shifted = new long[members * ids.length];
    int[] empty = padding == null ? null : new int[members * rows];
    for (int m = 0; m < members; m++) {
      for (int i = 0; i < ids.length; i++) {
        shifted[m * ids.length + i] = ids[i] + (long) m * encoder.vocabulary();
      }
      if (padding != null) {
        System.arraycopy(padding, 0, empty, m * rows, rows);
      }
    }
    try (NDScope scope = new NDScope()) {
      NDArray tokens = manager.create(shifted);
      Pass pass =
          decoder.cachingPass(
              weights, TokenInput.of(tokens, members * rows, length, empty, adapter, before), 1);
      NDArray mean = pass.logits().softmax(2).mean(new int[] {0}); // (R, A)
      return new Read(mean.toFloatArray(), pass.cachePart(keeper));
    }
  }

  /** One row while it is written. */
  private final class Text {
    final int[] prompt;
    private final SeededRandom random;
    private final Sampling how;
    private final int room;
    private int[] written = {};
    String text = "";
    boolean done;

    Text(int[] prompt, int row, Sampling how) {
      this.prompt = prompt;
      this.how = how;
      this.random = new SeededRandom(how.seed(), RandomStream.GENERATION, row);
      this.room = decoder.config().maxPositions() - prompt.length;
      this.done = room <= 0;
    }

    /** The next token; any, once the text has ended. */
    int choose(float[] probabilities, int from) {
      int token = how.choose(probabilities, from, encoder.answers(), random);
      if (done) {
        return token;
      }
      if (encoder.ends(token)) {
        done = true;
        return token;
      }
      written = Arrays.copyOf(written, written.length + 1);
      written[written.length - 1] = token;
      text = encoder.spell(written);
      for (String stop : how.stops()) {
        int at = text.indexOf(stop);
        if (at >= 0) {
          text = text.substring(0, at);
          done = true;
        }
      }
      done |= written.length == room;
      return token;
    }
  }
}
