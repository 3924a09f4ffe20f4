package io.lift.cli.eval;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Failures;
import io.lift.cli.table.CsvFile;
import io.lift.cli.table.EncodingOption;
import io.lift.cli.table.ImageOptions;
import io.lift.cli.table.TargetOptions;
import io.lift.cli.task.TaskProposal;
import io.lift.core.calibration.Calibrator;
import io.lift.core.row.CategoryWords;
import io.lift.core.table.ColumnNames;
import io.lift.core.table.FieldType;
import io.lift.core.table.RowTable;
import io.lift.core.table.Splits;
import io.lift.core.task.TaskType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rows of an evaluation: which files they come from and how they are split. */
final class EvalDataOptions {
  private static final double TEST_SHARE = 0.2;

  /** The error of a calibration is that of its own rows, so a small table gives more of them. */
  private static final int CALIBRATION_ROWS = 300;

  private static final double MAX_CALIBRATION_SHARE = 1 / 3.0;

  @Parameters(arity = "0..1", paramLabel = "FILE.csv", description = "A CSV file with a header.")
  private String file;

  @Mixin private EncodingOption encoding;

  @Mixin private ImageOptions images;

  @Option(
      names = "--test-images",
      paramLabel = "FILE",
      description = "The test rows; all of --images are then training rows.")
  private Path testImages;

  @Option(names = "--test-labels", paramLabel = "FILE", description = "Their labels.")
  private Path testLabels;

  @Mixin private TargetOptions predicted;

  @Option(
      names = "--splits",
      paramLabel = "FILE",
      description = "JSON with the published split of each set, by file name without .csv.")
  private Path splits;

  @Option(
      names = "--run",
      paramLabel = "I",
      description = "Which of the validation sets of --splits is set aside, from 0.")
  private Integer run;

  @Option(
      names = "--test",
      paramLabel = "FILE.csv",
      description = "The test rows; all rows of FILE.csv are then training rows.")
  private String test;

  @Option(
      names = "--valid",
      paramLabel = "FILE.csv",
      description = "Validation rows, neither trained on nor tested.")
  private String valid;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = {
        "Learn from the first N training rows only, or from none with 0: then a task with texts is"
            + " answered by what the words of its labels mean.",
        "What the columns are is read from all training rows."
      })
  private Integer most;

  private String target; // the column's name, once it is known
  private final List<String> remarks = new ArrayList<>(); // about the files

  /** The number of the run, or null. */
  Integer run() {
    return run;
  }

  /** The rows that are to be learned, of all training rows. */
  EvalData learned(EvalData all) {
    return most == null ? all : all.trainingOn(most);
  }

  /** The types of columns that the user has set. */
  Map<String, FieldType> types() {
    return predicted.types();
  }

  /**
   * Reads all rows and splits them.
   *
   * @param seed of the split
   * @param calibrate whether rows are set aside for the calibration
   * @throws CliException if the options contradict each other, or rows are missing
   */
  EvalData load(long seed, boolean calibrate) {
    checkOptions();
    target = images.target(predicted);
    List<Map<String, String>> rows = labelled(images.open(file, encoding), trainingTable());
    String name = images.name(file).replaceAll("\\.train$", "");
    List<Map<String, String>> others = new ArrayList<>();
    if (valid != null) {
      others.addAll(labelled(valid));
    }
    if (test != null) {
      return data(seed, calibrate, name, rows, labelled(test), others);
    }
    if (testImages != null) {
      return data(
          seed,
          calibrate,
          name,
          rows,
          labelled(images.open(testImages, testLabels), testImages.toString()),
          others);
    }
    Splits split = split(seed, name, rows);
    others.addAll(pick(rows, split.valid()));
    return data(seed, calibrate, name, pick(rows, split.train()), pick(rows, split.test()), others);
  }

  private String trainingTable() {
    return images.given() ? images.name(null) : file;
  }

  private Splits split(long seed, String name, List<Map<String, String>> rows) {
    if (splits != null) {
      try {
        return Splits.read(splits, name, run == null ? 0 : run, rows.size());
      } catch (IOException e) {
        throw new CliException(e, Failures.ofFile("read", splits.toString(), e));
      } catch (IllegalArgumentException e) {
        throw new CliException(e, e.getMessage());
      }
    }
    return share(TEST_SHARE, seed, rows);
  }

  private static double calibrationShare(int rows) {
    double wanted = (double) CALIBRATION_ROWS / rows;
    return Math.max(TEST_SHARE, Math.min(MAX_CALIBRATION_SHARE, wanted));
  }

  private Splits share(double share, long seed, List<Map<String, String>> rows) {
    TaskType type = predicted.type();
    if (type == null) {
      type = TaskProposal.infer("split", rows, target, null, types()).type();
    }
    return type == TaskType.REGRESSION
        ? Splits.random(rows.size(), share, seed)
        : Splits.stratified(
            rows.stream().map(row -> CategoryWords.canonical(row.get(target).strip())).toList(),
            share,
            seed);
  }

  private EvalData data(
      long seed,
      boolean calibrate,
      String name,
      List<Map<String, String>> train,
      List<Map<String, String>> tests,
      List<Map<String, String>> others) {
    List<Map<String, String>> usedTrain = withTarget(train);
    List<Map<String, String>> usedTest = withTarget(tests);
    if (usedTrain.isEmpty() || usedTest.isEmpty()) {
      throw new CliException("%s leaves no rows to train or to test.", name);
    }
    if (!calibrate) {
      return new EvalData(
          name, target, predicted.type(), usedTrain, usedTest, List.of(), others.size(), remarks);
    }
    List<Map<String, String>> calibration = withTarget(others);
    if (calibration.isEmpty()) {
      Splits held = share(calibrationShare(usedTrain.size()), seed, usedTrain);
      calibration = pick(usedTrain, held.test());
      usedTrain = pick(usedTrain, held.train());
    }
    if (calibration.size() < Calibrator.WARM_UP) {
      throw new CliException(
          "--coverage needs at least %d rows to calibrate on, there are %d.",
          Calibrator.WARM_UP, calibration.size());
    }
    // a file may be sorted, and the calibration uses the newest rows
    List<Map<String, String>> mixed = new ArrayList<>(calibration);
    Collections.shuffle(mixed, new Random(seed));
    return new EvalData(name, target, predicted.type(), usedTrain, usedTest, mixed, 0, remarks);
  }

  private List<Map<String, String>> labelled(String path) {
    return labelled(CsvFile.open(path, encoding.charset()), path);
  }

  private List<Map<String, String>> labelled(RowTable table, String path) {
    List<Map<String, String>> rows = CsvFile.readAll(table, path);
    remarks.addAll(table.remarks());
    if (rows.isEmpty()) {
      throw new CliException("%s has no rows.", path);
    }
    if (!rows.get(0).containsKey(target)) {
      throw new CliException(
          "%s has no column '%s'; it has %s.",
          path, target, ColumnNames.list(rows.get(0).keySet()));
    }
    return rows;
  }

  private List<Map<String, String>> withTarget(List<Map<String, String>> rows) {
    return rows.stream().filter(row -> !row.get(target).isBlank()).toList();
  }

  private static List<Map<String, String>> pick(List<Map<String, String>> rows, int[] numbers) {
    return Arrays.stream(numbers).mapToObj(rows::get).toList();
  }

  private void checkOptions() {
    if (splits != null && test != null) {
      throw new CliException("Give either --splits or --test.");
    }
    if ((testImages == null) != (testLabels == null) || (testImages != null && !images.given())) {
      throw new CliException("--test-images and --test-labels belong together, and to --images.");
    }
    if (testImages != null && (splits != null || test != null)) {
      throw new CliException("Give one of --splits, --test and --test-images.");
    }
    if (most != null && most < 0) {
      throw new CliException("--rows cannot be negative.");
    }
    if (run != null && splits == null) {
      throw new CliException("--run needs --splits.");
    }
  }
}
