package io.lift.cli.table;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Failures;
import io.lift.core.table.IdxImages;
import io.lift.core.table.RowTable;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Images in place of a CSV file: rows of pixels {@code p1}, {@code p2}, … and a {@code label}. */
public final class ImageOptions {
  @Option(
      names = "--images",
      paramLabel = "FILE",
      description = "Images of the IDX format (MNIST's), .gz or not, in place of a CSV file.")
  private Path images;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Their labels, IDX too: what is predicted unless --target says otherwise.")
  private Path labels;

  @Option(
      names = "--crop",
      paramLabel = "N",
      description = "Keep the middle N x N pixels of each image.")
  private Integer crop;

  @Option(
      names = "--permute",
      paramLabel = "SEED",
      description = "Permute the pixels of all images in the same way, by a seed.")
  private Long permute;

  /** Whether the rows are images. */
  public boolean given() {
    return images != null;
  }

  /**
   * Opens the rows: the images, or the CSV file where none are given.
   *
   * @param csv the command's CSV file; null if none was named
   * @param encoding of the CSV file
   * @throws CliException if there is neither, or both
   * @throws io.lift.core.table.InvalidCsvException if a file is not what it should be
   */
  public RowTable open(String csv, EncodingOption encoding) {
    check(csv);
    return given() ? open(images, labels) : CsvFile.open(csv, encoding.charset());
  }

  /** Opens other images that are cropped and permuted in the same way. */
  public RowTable open(Path otherImages, Path otherLabels) {
    try {
      return IdxImages.open(
          otherImages, otherLabels, new IdxImages.View(crop == null ? 0 : crop, permute));
    } catch (IOException e) {
      throw new CliException(e, Failures.ofFile("read", otherImages + " and " + otherLabels, e));
    }
  }

  /** How many rows there are. */
  public long count(String csv, EncodingOption encoding) {
    check(csv);
    if (!given()) {
      return CsvFile.count(csv, encoding.charset());
    }
    try (IdxImages open = (IdxImages) open(images, labels)) {
      return open.count();
    } catch (IOException e) {
      throw new CliException(e, Failures.ofFile("read", images.toString(), e));
    }
  }

  /** What the rows are called: the file's name without its ending. */
  public String name(String csv) {
    return given()
        ? images.getFileName().toString().replaceAll("(?i)(\\.idx\\d?(-ubyte)?)?(\\.gz)?$", "")
        : CsvFile.stem(csv);
  }

  /**
   * The column to predict: the one that the user names, or the label of images.
   *
   * @throws CliException if a table's is not named
   */
  public String target(TargetOptions options) {
    return given() ? options.column(IdxImages.LABEL) : options.column();
  }

  private void check(String csv) {
    if (given() == (csv != null)) {
      throw new CliException(
          given()
              ? "Give either a CSV file or --images."
              : "Name a CSV file, or images by --images and --labels.");
    }
    if (given() != (labels != null)) {
      throw new CliException("--images and --labels belong together.");
    }
    if (!given() && (crop != null || permute != null)) {
      throw new CliException("--crop and --permute are for --images.");
    }
    if (crop != null && crop < 1) {
      throw new CliException("--crop is at least 1.");
    }
  }
}
