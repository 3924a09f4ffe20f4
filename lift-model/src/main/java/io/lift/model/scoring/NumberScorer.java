package io.lift.model.scoring;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lift.model.decoder.Decoder;
import io.lift.model.decoder.DecoderWeights;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.decoder.Pass;
import io.lift.model.decoder.TokenInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Distributions over the numbers that answers may be, for rows of one version. Each prompt is read
 * once; then, pass by pass, the most probable beginnings of numbers are gone on from, several of
 * each row at a time. Thread-safe.
 */
public final class NumberScorer {
  private static final int MAX_ROWS = 32;
  private static final int BEGINNINGS = 8; // of a row in one pass

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final BatchScorer scorer;
  private final AdapterContext version;
  private final NDManager manager;
  private Numerals numerals; // found by the first who asks

  /**
   * @param scorer on the same weights
   * @param manager on the weights' device
   */
  public NumberScorer(
      Decoder decoder,
      DecoderWeights weights,
      BatchScorer scorer,
      AdapterContext version,
      NDManager manager) {
    this.decoder = decoder;
    this.weights = weights;
    this.scorer = scorer;
    this.version = version;
    this.manager = manager;
  }

  /** One distribution per prompt, in order. */
  public List<NumberDistribution> distributions(
      List<int[]> prompts, DecimalGrammar grammar, NumberGoal goal) {
    Numerals numerals = numerals();
    List<NumberDistribution> all = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += MAX_ROWS) {
      List<int[]> part = prompts.subList(from, Math.min(prompts.size(), from + MAX_ROWS));
      NumberSearch[] searches =
          part.stream().map(p -> new NumberSearch(grammar, goal)).toArray(NumberSearch[]::new);
      search(part, searches, numerals);
      Arrays.stream(searches).map(NumberSearch::distribution).forEach(all::add);
    }
    return all;
  }

  private void search(List<int[]> prompts, NumberSearch[] searches, Numerals numerals) {
    boolean begin = prompts.stream().allMatch(version::begins);
    int skip = begin ? version.prefix().length : 0;
    KeyValueCache prefix = begin ? scorer.prefix(version) : null;
    int[][] rest =
        prompts.stream().map(p -> Arrays.copyOfRange(p, skip, p.length)).toArray(int[][]::new);
    try (NDManager kept = manager.newSubManager()) {
      KeyValueCache.Part read;
      try (NDScope scope = new NDScope()) {
        Pass pass = decoder.cachingPass(weights, tokens(rest, prefix), 1);
        float[] shares = shares(pass, numerals);
        read = pass.cachePart(kept);
        for (int r = 0; r < searches.length; r++) {
          searches[r].follow(searches[r].next(1).get(0), numerals, shares, r);
        }
      }
      KeyValueCache before =
          prefix == null ? new KeyValueCache(List.of(read)) : prefix.append(read);
      while (!Arrays.stream(searches).allMatch(NumberSearch::done)) {
        goOn(searches, before, numerals);
      }
    }
  }

  private void goOn(NumberSearch[] searches, KeyValueCache before, Numerals numerals) {
    int[][] rows = new int[searches.length * BEGINNINGS][];
    List<List<NumberSearch.Beginning>> chosen = new ArrayList<>();
    for (int r = 0; r < searches.length; r++) {
      List<NumberSearch.Beginning> own = searches[r].next(BEGINNINGS);
      chosen.add(own);
      for (int b = 0; b < BEGINNINGS; b++) {
        // a row that needs no more is read along: all rows have as many places behind their prompt
        boolean idle = b >= own.size();
        rows[r * BEGINNINGS + b] =
            idle ? new int[] {version.encoder().padding()} : own.get(b).tokens();
      }
    }
    try (NDScope scope = new NDScope()) {
      float[] shares = shares(decoder.pass(weights, tokens(rows, before), 1, 0), numerals);
      for (int r = 0; r < searches.length; r++) {
        for (int b = 0; b < chosen.get(r).size(); b++) {
          searches[r].follow(chosen.get(r).get(b), numerals, shares, r * BEGINNINGS + b);
        }
      }
    }
  }

  private TokenInput tokens(int[][] rows, KeyValueCache before) {
    LeftPadded batch = LeftPadded.of(rows);
    return TokenInput.of(
        manager.create(batch.ids()),
        rows.length,
        batch.length(),
        batch.padding(),
        version.adapter(),
        before);
  }

  /** The probabilities of the numerals and the end mark after each row, (R, columns). */
  private float[] shares(Pass pass, Numerals numerals) {
    NDArray all = pass.logits().squeeze(0).softmax(1); // (R, V)
    long[] columns = numerals.columns();
    NDArray wanted = manager.create(columns, new Shape(1, columns.length));
    return all.gather(wanted.repeat(0, all.getShape().get(0)), 1).toFloatArray();
  }

  private synchronized Numerals numerals() {
    numerals = numerals == null ? new Numerals(version.encoder()) : numerals;
    return numerals;
  }
}
