package io.lift.model.scoring;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TableEncoder;
import io.lift.model.training.TrainingRecipe;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers out of the embedded model's committee: among the cells that a column can have, so that
 * there is never anything to refuse. Thread-safe.
 */
public final class TableAnswers implements ColumnAnswers {
  private final EnsembleScorer ensemble;
  private final TableEncoder encoder;
  private final List<List<String>> cells = new ArrayList<>(); // by column
  private final List<int[]> tokens = new ArrayList<>(); // of the cells

  public TableAnswers(ColumnLanguage columns, EnsembleScorer ensemble, TableEncoder encoder) {
    this.ensemble = ensemble;
    this.encoder = encoder;
    for (int c = 0; c < columns.count(); c++) {
      int column = c;
      List<String> own = columns.asks(c) ? columns.candidates(c) : List.of();
      cells.add(own);
      tokens.add(own.stream().mapToInt(cell -> encoder.answer(column, cell)).toArray());
    }
  }

  @Override
  public List<String> draw(List<ColumnQuestion> questions, double temperature, long seed) {
    double[][] shares = ensemble.shares(questions.stream().map(encoder::prompt).toList());
    List<String> drawn = new ArrayList<>();
    for (int q = 0; q < shares.length; q++) {
      int column = questions.get(q).asked();
      int[] own = tokens.get(column);
      float[] probabilities = probabilities(shares[q], own);
      SeededRandom random = new SeededRandom(seed, RandomStream.GENERATION, q);
      Sampling how = new Sampling(1, temperature, 0, 1, List.of(), seed);
      drawn.add(cells.get(column).get(how.choose(probabilities, 0, own.length, random)));
    }
    return drawn;
  }

  /**
   * What the model gives to the cells of a column, but for what training has made it give to any
   * token whatever: without that, one number in a hundred would be anywhere.
   */
  private static float[] probabilities(double[] shares, int[] tokens) {
    double everywhere = TrainingRecipe.SMOOTHING / shares.length;
    float[] probabilities = new float[tokens.length];
    boolean any = false;
    for (int c = 0; c < tokens.length; c++) {
      probabilities[c] = (float) Math.max(0, shares[tokens[c]] - everywhere);
      any |= probabilities[c] > 0;
    }
    for (int c = 0; c < tokens.length && !any; c++) {
      probabilities[c] = (float) shares[tokens[c]];
    }
    return probabilities;
  }
}
