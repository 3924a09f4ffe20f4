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
 * Distributions over the numbers that answers may be, for rows of one adapter. Each prompt is read
 * once. Then each pass expands the most probable prefixes of numbers, several of each row.
 * Thread-safe.
 */
public final class NumberScorer {
  private static final int MAX_ROWS = 32;
  private static final int PREFIXES = 8; // of a row in one pass

  private final Decoder decoder;
  private final DecoderWeights weights;
  private final BatchScorer scorer;
  private final AdapterContext context;
  private final NDManager manager;
  private Numerals numerals; // made by the first call

  /**
   * @param scorer on the same weights
   * @param manager on the weights' device
   */
  public NumberScorer(
      Decoder decoder,
      DecoderWeights weights,
      BatchScorer scorer,
      AdapterContext context,
      NDManager manager) {
    this.decoder = decoder;
    this.weights = weights;
    this.scorer = scorer;
    this.context = context;
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
    boolean prefixed = prompts.stream().allMatch(context::hasPrefix);
    int skip = prefixed ? context.prefix().length : 0;
    KeyValueCache prefix = prefixed ? scorer.prefix(context) : null;
    int[][] rest =
        prompts.stream().map(p -> Arrays.copyOfRange(p, skip, p.length)).toArray(int[][]::new);
    try (NDManager owner = manager.newSubManager()) {
      KeyValueCache.Part read;
      try (NDScope scope = new NDScope()) {
        Pass pass = decoder.cachingPass(weights, tokens(rest, prefix), 1);
        float[] probabilities = probabilities(pass, numerals);
        read = pass.cachePart(owner);
        for (int r = 0; r < searches.length; r++) {
          searches[r].expand(searches[r].next(1).get(0), numerals, probabilities, r);
        }
      }
      KeyValueCache cache = prefix == null ? new KeyValueCache(List.of(read)) : prefix.append(read);
      while (!Arrays.stream(searches).allMatch(NumberSearch::done)) {
        expand(searches, cache, numerals);
      }
    }
  }

  private void expand(NumberSearch[] searches, KeyValueCache cache, Numerals numerals) {
    int[][] rows = new int[searches.length * PREFIXES][];
    List<List<NumberSearch.Prefix>> chosen = new ArrayList<>();
    for (int r = 0; r < searches.length; r++) {
      List<NumberSearch.Prefix> own = searches[r].next(PREFIXES);
      chosen.add(own);
      for (int b = 0; b < PREFIXES; b++) {
        // a row that needs fewer is padded, because all rows have equally many prefixes
        boolean idle = b >= own.size();
        rows[r * PREFIXES + b] =
            idle ? new int[] {context.encoder().padding()} : own.get(b).tokens();
      }
    }
    try (NDScope scope = new NDScope()) {
      float[] probabilities =
          probabilities(decoder.pass(weights, tokens(rows, cache), 1, 0), numerals);
      for (int r = 0; r < searches.length; r++) {
        for (int b = 0; b < chosen.get(r).size(); b++) {
          searches[r].expand(chosen.get(r).get(b), numerals, probabilities, r * PREFIXES + b);
        }
      }
    }
  }

  private TokenInput tokens(int[][] rows, KeyValueCache cache) {
    LeftPadded batch = LeftPadded.of(rows);
    return TokenInput.of(
        manager.create(batch.ids()),
        rows.length,
        batch.length(),
        batch.padding(),
        context.adapter(),
        cache);
  }

  /** The probabilities of the numerals and the end mark after each row, (R, columns). */
  private float[] probabilities(Pass pass, Numerals numerals) {
    NDArray all = pass.logits().squeeze(0).softmax(1); // (R, V)
    long[] columns = numerals.columns();
    NDArray wanted = manager.create(columns, new Shape(1, columns.length));
    return all.gather(wanted.repeat(0, all.getShape().get(0)), 1).toFloatArray();
  }

  private synchronized Numerals numerals() {
    numerals = numerals == null ? new Numerals(context.encoder()) : numerals;
    return numerals;
  }
}
