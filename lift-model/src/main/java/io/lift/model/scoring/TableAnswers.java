package io.lift.model.scoring;

import io.lift.core.prompt.ColumnLanguage;
import io.lift.core.prompt.ColumnQuestion;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.TableEncoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers of an ensemble of embedded models, among the cells that a column can have, so that every
 * answer is valid. Thread-safe.
 */
public final class TableAnswers implements ColumnAnswers {
  private final EnsembleScorer ensemble;
  private final TableEncoder encoder;
  private final double smoothing;
  private final List<List<String>> cells = new ArrayList<>(); // by column
  private final List<int[]> tokens = new ArrayList<>(); // of the cells

  /**
   * @param smoothing the label smoothing that the ensemble was trained with
   */
  public TableAnswers(
      ColumnLanguage columns, EnsembleScorer ensemble, TableEncoder encoder, double smoothing) {
    this.ensemble = ensemble;
    this.encoder = encoder;
    this.smoothing = smoothing;
    for (int c = 0; c < columns.count(); c++) {
      int column = c;
      List<String> own = columns.includes(c) ? columns.candidates(c) : List.of();
      cells.add(own);
      tokens.add(own.stream().mapToInt(cell -> encoder.answer(column, cell)).toArray());
    }
  }

  @Override
  public List<String> draw(List<ColumnQuestion> questions, double temperature, long seed) {
    double[][] tokenProbabilities =
        ensemble.tokenProbabilities(questions.stream().map(encoder::prompt).toList());
    List<String> drawn = new ArrayList<>();
    for (int q = 0; q < tokenProbabilities.length; q++) {
      int column = questions.get(q).column();
      int[] own = tokens.get(column);
      float[] probabilities = probabilities(tokenProbabilities[q], own);
      SeededRandom random = new SeededRandom(seed, RandomStream.GENERATION, q);
      Sampling sampling = new Sampling(1, temperature, 0, 1, List.of(), seed);
      drawn.add(cells.get(column).get(sampling.choose(probabilities, 0, own.length, random)));
    }
    return drawn;
  }

  /**
   * The probabilities of a column's cells, less what label smoothing teaches the model to give to
   * every token. Without that, one number in a hundred would be anywhere on the grid.
   */
  private float[] probabilities(double[] all, int[] tokens) {
    double floor = smoothing / all.length;
    float[] probabilities = new float[tokens.length];
    boolean any = false;
    for (int c = 0; c < tokens.length; c++) {
      probabilities[c] = (float) Math.max(0, all[tokens[c]] - floor);
      any |= probabilities[c] > 0;
    }
    for (int c = 0; c < tokens.length && !any; c++) {
      probabilities[c] = (float) all[tokens[c]];
    }
    return probabilities;
  }
}
