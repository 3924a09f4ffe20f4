package io.lift.bench.baseline;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/** A method of Tribuo. */
final class TribuoLearner<T extends Output<T>> implements Learner {
  private static final String NUMBER = "y";

  private final OutputFactory<T> outputs;
  private final Function<Double, T> output;
  private final T unknown;
  private final Function<Examples, Trainer<T>> trainer;
  private final boolean sparse;

  private TribuoLearner(
      OutputFactory<T> outputs,
      Function<Double, T> output,
      T unknown,
      Function<Examples, Trainer<T>> trainer,
      boolean sparse) {
    this.sparse = sparse;
    this.outputs = outputs;
    this.output = output;
    this.unknown = unknown;
    this.trainer = trainer;
  }

  /**
   * @param trainer may depend on the shape of the rows
   */
  static Learner ofLabels(Function<Examples, Trainer<Label>> trainer) {
    return ofLabels(trainer, false);
  }

  /**
   * The same for rows of mostly zeros, such as words.
   *
   * @param trainer takes a feature that a row lacks for 0, as linear models do
   */
  static Learner ofSparseLabels(Function<Examples, Trainer<Label>> trainer) {
    return ofLabels(trainer, true);
  }

  private static Learner ofLabels(Function<Examples, Trainer<Label>> trainer, boolean sparse) {
    return new TribuoLearner<>(
        new LabelFactory(),
        y -> new Label(Integer.toString(y.intValue())),
        LabelFactory.UNKNOWN_LABEL,
        trainer,
        sparse);
  }

  /**
   * @param trainer may depend on the shape of the rows
   */
  static Learner ofNumbers(Function<Examples, Trainer<Regressor>> trainer) {
    return new TribuoLearner<>(
        new RegressionFactory(),
        y -> new Regressor(NUMBER, y),
        RegressionFactory.UNKNOWN_REGRESSOR,
        trainer,
        false);
  }

  @Override
  public Predictor fit(Examples rows) {
    String[] names = new String[rows.features()];
    for (int feature = 0; feature < names.length; feature++) {
      names[feature] = "f%05d".formatted(feature); // Tribuo sorts features by name
    }
    MutableDataset<T> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("rows", outputs), outputs);
    for (int row = 0; row < rows.x().length; row++) {
      data.add(example(output.apply(rows.y()[row]), names, rows.x()[row]));
    }
    Model<T> model = trainer.apply(rows).train(data);
    int classes = rows.classes();
    return x -> {
      var prediction = model.predict(example(unknown, names, x));
      if (classes == 0) {
        return ((Regressor) prediction.getOutput()).getValues();
      }
      return probabilities(prediction, classes);
    };
  }

  /** An example has one feature at least. */
  private ArrayExample<T> example(T output, String[] names, double[] x) {
    if (!sparse) {
      return new ArrayExample<>(output, names, x);
    }
    int[] kept = IntStream.range(0, x.length).filter(f -> f == 0 || x[f] != 0).toArray();
    return new ArrayExample<>(
        output,
        Arrays.stream(kept).mapToObj(f -> names[f]).toArray(String[]::new),
        Arrays.stream(kept).mapToDouble(f -> x[f]).toArray());
  }

  /** A method without probabilities is sure of its answer. */
  private static double[] probabilities(org.tribuo.Prediction<?> prediction, int classes) {
    double[] probabilities = new double[classes];
    if (prediction.hasProbabilities()) {
      for (Map.Entry<String, ?> score : prediction.getOutputScores().entrySet()) {
        probabilities[Integer.parseInt(score.getKey())] = ((Label) score.getValue()).getScore();
      }
    } else {
      probabilities[Integer.parseInt(((Label) prediction.getOutput()).getLabel())] = 1;
    }
    return probabilities;
  }
}
