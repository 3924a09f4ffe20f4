package io.lift.model.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A best-first search for the numbers that one row's answer may be. Of all prefixes seen so far the
 * most probable one is expanded, until enough probability is in cells that are narrow enough.
 * Numbers are found in every way that tokens can spell them.
 */
final class NumberSearch {
  /** Prefixes of a smaller share of all numbers are not expanded. */
  private static final double MIN_SHARE = 1e-6;

  private final DecimalGrammar grammar;
  private final NumberGoal goal;
  private final PriorityQueue<Prefix> open =
      new PriorityQueue<>(Comparator.comparingDouble(prefix -> -prefix.probability()));
  private final List<NumberDistribution.Cell> found = new ArrayList<>();
  private double resolved; // probability in narrow cells
  private double unexpanded; // probability of the open prefixes
  private double pruned; // probability of prefixes that are too improbable to expand
  private int expanded;

  /**
   * The first tokens of some numbers.
   *
   * @param tokens after the prompt
   * @param text that they spell, without the blank before a number
   * @param probability of these tokens
   */
  record Prefix(int[] tokens, String text, double probability) {

    Prefix with(int token, String more, double probabilityOfToken) {
      int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
      longer[tokens.length] = token;
      return new Prefix(longer, text + more, probability * probabilityOfToken);
    }
  }

  NumberSearch(DecimalGrammar grammar, NumberGoal goal) {
    this.grammar = grammar;
    this.goal = goal;
    add(new Prefix(new int[0], "", 1));
  }

  boolean done() {
    return open.isEmpty() || expanded >= goal.most() || resolved >= goal.mass() * total();
  }

  private double total() {
    return resolved + unexpanded + pruned;
  }

  /** Takes the prefixes to expand now, the most probable first. */
  List<Prefix> next(int count) {
    List<Prefix> best = new ArrayList<>();
    while (best.size() < count && !done()) {
      Prefix prefix = open.poll();
      unexpanded -= prefix.probability();
      expanded++;
      best.add(prefix);
    }
    return best;
  }

  /**
   * Expands a prefix by the probabilities of the tokens after it.
   *
   * @param numerals the tokens that spell numbers
   * @param probabilities of {@link Numerals#columns} after each row
   * @param row of this prefix
   */
  void expand(Prefix prefix, Numerals numerals, float[] probabilities, int row) {
    int from = row * (numerals.size() + 1);
    double end = probabilities[from + numerals.size()];
    if (grammar.isComplete(prefix.text())) {
      resolve(prefix.text(), prefix.probability() * end);
    }
    List<Prefix> longer = new ArrayList<>();
    double all = total();
    for (int n = 0; n < numerals.size(); n++) {
      String more = prefix.tokens().length == 0 ? numerals.atStart(n) : numerals.inside(n);
      if (more != null && grammar.isPrefix(prefix.text() + more)) {
        longer.add(prefix.with(numerals.token(n), more, probabilities[from + n]));
        all += prefix.probability() * probabilities[from + n];
      }
    }
    double small = 0;
    for (Prefix next : longer) {
      if (next.probability() < MIN_SHARE * all) {
        small += next.probability();
      } else {
        add(next);
      }
    }
    if (small > 0) {
      pruned += small;
      DecimalGrammar.Range range = grammar.range(prefix.text());
      found.add(new NumberDistribution.Cell(range.lower(), range.upper(), small));
    }
  }

  private void add(Prefix prefix) {
    boolean number = grammar.isComplete(prefix.text()) && !grammar.canContinue(prefix.text());
    if (number || grammar.range(prefix.text()).width() <= goal.width()) {
      resolve(prefix.text(), prefix.probability());
    } else {
      unexpanded += prefix.probability();
      open.add(prefix);
    }
  }

  private void resolve(String text, double probability) {
    // a complete number is its own cell, even where a longer one begins with it
    double half = Math.pow(10, -grammar.decimals()) / 2;
    DecimalGrammar.Range range =
        grammar.isComplete(text)
            ? new DecimalGrammar.Range(
                Double.parseDouble(text) - half, Double.parseDouble(text) + half)
            : grammar.range(text);
    resolved += probability;
    found.add(new NumberDistribution.Cell(range.lower(), range.upper(), probability));
  }

  /** The distribution found; open prefixes are the widest cells that they may be in. */
  NumberDistribution distribution() {
    double all = total();
    List<NumberDistribution.Cell> cells = new ArrayList<>();
    for (NumberDistribution.Cell cell : found) {
      cells.add(new NumberDistribution.Cell(cell.lower(), cell.upper(), cell.probability() / all));
    }
    for (Prefix prefix : open) {
      DecimalGrammar.Range range = grammar.range(prefix.text());
      cells.add(
          new NumberDistribution.Cell(range.lower(), range.upper(), prefix.probability() / all));
    }
    return new NumberDistribution(cells, (unexpanded + pruned) / all);
  }
}
