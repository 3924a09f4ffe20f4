package io.lift.model.scoring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The numbers that one row's answer may be, found best first: of all beginnings seen so far the
 * most probable is gone on from, until enough probability has come to rest in cells that are narrow
 * enough. Numbers are followed in every way that tokens can spell them.
 */
final class NumberSearch {
  /** Beginnings of a smaller share of all numbers are not gone on from, nor told apart. */
  private static final double LEAST = 1e-6;

  private final DecimalGrammar grammar;
  private final NumberGoal goal;
  private final PriorityQueue<Beginning> open =
      new PriorityQueue<>(Comparator.comparingDouble(b -> -b.probability()));
  private final List<NumberDistribution.Cell> found = new ArrayList<>();
  private double resolved;
  private double waiting;
  private double lost; // too improbable to follow
  private int followed;

  /**
   * The first tokens of some numbers.
   *
   * @param tokens behind the prompt
   * @param text what they spell, without the blank before a number
   * @param probability of these tokens
   */
  record Beginning(int[] tokens, String text, double probability) {

    Beginning with(int token, String more, double share) {
      int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
      longer[tokens.length] = token;
      return new Beginning(longer, text + more, probability * share);
    }
  }

  NumberSearch(DecimalGrammar grammar, NumberGoal goal) {
    this.grammar = grammar;
    this.goal = goal;
    put(new Beginning(new int[0], "", 1));
  }

  boolean done() {
    double all = resolved + waiting + lost;
    return open.isEmpty() || followed >= goal.most() || resolved >= goal.mass() * all;
  }

  /** The beginnings to go on from now, the most probable first; they count as followed. */
  List<Beginning> next(int count) {
    List<Beginning> best = new ArrayList<>();
    while (best.size() < count && !done()) {
      Beginning beginning = open.poll();
      waiting -= beginning.probability();
      followed++;
      best.add(beginning);
    }
    return best;
  }

  /**
   * What a beginning goes on with.
   *
   * @param numerals the tokens that numbers are written in
   * @param shares probabilities of {@link Numerals#columns} after each row
   * @param row this beginning's
   */
  void follow(Beginning beginning, Numerals numerals, float[] shares, int row) {
    int from = row * (numerals.size() + 1);
    double end = shares[from + numerals.size()];
    if (grammar.complete(beginning.text())) {
      rest(beginning.text(), beginning.probability() * end);
    }
    List<Beginning> longer = new ArrayList<>();
    double all = resolved + waiting + lost;
    for (int n = 0; n < numerals.size(); n++) {
      String more = beginning.tokens().length == 0 ? numerals.atStart(n) : numerals.inside(n);
      if (more != null && grammar.begins(beginning.text() + more)) {
        longer.add(beginning.with(numerals.token(n), more, shares[from + n]));
        all += beginning.probability() * shares[from + n];
      }
    }
    double small = 0;
    for (Beginning next : longer) {
      if (next.probability() < LEAST * all) {
        small += next.probability();
      } else {
        put(next);
      }
    }
    if (small > 0) {
      lost += small;
      DecimalGrammar.Range range = grammar.range(beginning.text());
      found.add(new NumberDistribution.Cell(range.lower(), range.upper(), small));
    }
  }

  private void put(Beginning beginning) {
    boolean number = grammar.complete(beginning.text()) && !grammar.goesOn(beginning.text());
    if (number || grammar.range(beginning.text()).width() <= goal.width()) {
      rest(beginning.text(), beginning.probability());
    } else {
      waiting += beginning.probability();
      open.add(beginning);
    }
  }

  private void rest(String text, double probability) {
    // a complete number is itself, though a longer one may begin with it
    double half = Math.pow(10, -grammar.decimals()) / 2;
    DecimalGrammar.Range range =
        grammar.complete(text)
            ? new DecimalGrammar.Range(
                Double.parseDouble(text) - half, Double.parseDouble(text) + half)
            : grammar.range(text);
    resolved += probability;
    found.add(new NumberDistribution.Cell(range.lower(), range.upper(), probability));
  }

  /** What was found, and what was not told apart as the widest cells that it may be in. */
  NumberDistribution distribution() {
    double all = resolved + waiting + lost;
    List<NumberDistribution.Cell> cells = new ArrayList<>();
    for (NumberDistribution.Cell cell : found) {
      cells.add(new NumberDistribution.Cell(cell.lower(), cell.upper(), cell.probability() / all));
    }
    for (Beginning beginning : open) {
      DecimalGrammar.Range range = grammar.range(beginning.text());
      cells.add(
          new NumberDistribution.Cell(range.lower(), range.upper(), beginning.probability() / all));
    }
    return new NumberDistribution(cells, (waiting + lost) / all);
  }
}
