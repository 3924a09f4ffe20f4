package io.lift.core.table;

import static java.util.stream.Collectors.toMap;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Images and their labels as rows of a table, read from two files in the IDX format of MNIST. The
 * columns are {@code p1}, {@code p2}, … with the grey values 0..255, row by row, and {@code label}.
 * Files may be compressed by gzip.
 *
 * <p>An IDX file starts with two zero bytes, the type of its numbers (8 for unsigned bytes, the
 * only supported type), the number of its dimensions and the size of each in big-endian order.
 */
public final class IdxImages implements RowTable {
  /** The column of the label. */
  public static final String LABEL = "label";

  private static final int UNSIGNED_BYTES = 8;
  private static final int MAX_SIDE = 1024;
  private static final String[] GREY =
      IntStream.range(0, 256).mapToObj(Integer::toString).toArray(String[]::new);

  private final File images;
  private final File labels;
  private final int count;
  private final int width;
  private final int[] pixels; // by column: index of its pixel in the image
  private final List<String> columns;
  private final Map<String, Integer> indices;

  /**
   * The part of an image that is read.
   *
   * @param crop height and width of the centre crop, in pixels; 0 for the whole image
   * @param permute seed of a permutation of the pixels, the same for every image and applied before
   *     the crop; null for none
   */
  public record View(int crop, Long permute) {
    /** The whole image. */
    public static final View WHOLE = new View(0, null);
  }

  private IdxImages(File images, File labels, View view) {
    this.images = images;
    this.labels = labels;
    this.count = images.sizes[0];
    this.width = images.sizes[2];
    this.pixels = pixels(images.sizes[1], width, view);
    this.columns =
        IntStream.rangeClosed(1, pixels.length + 1)
            .mapToObj(i -> i > pixels.length ? LABEL : "p" + i)
            .toList();
    this.indices = IntStream.range(0, columns.size()).boxed().collect(toMap(columns::get, i -> i));
  }

  /**
   * Opens two files.
   *
   * @throws InvalidCsvException if they are not IDX files of images and labels that belong together
   * @throws IOException if they cannot be read
   */
  public static IdxImages open(Path images, Path labels, View view) throws IOException {
    File imageFile = File.open(images, 3);
    try {
      File labelFile = File.open(labels, 1);
      try {
        return checked(imageFile, labelFile, view);
      } catch (RuntimeException e) {
        labelFile.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      imageFile.close();
      throw e;
    }
  }

  private static IdxImages checked(File images, File labels, View view) {
    int height = images.sizes[1];
    int width = images.sizes[2];
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw new InvalidCsvException(
          "%s has images of %d x %d pixels; a side can have 1 to %d."
              .formatted(images.name, height, width, MAX_SIDE));
    }
    if (images.sizes[0] != labels.sizes[0]) {
      throw new InvalidCsvException(
          "%s has %d images, but %s has %d labels."
              .formatted(images.name, images.sizes[0], labels.name, labels.sizes[0]));
    }
    if (view.crop() < 0 || view.crop() > Math.min(height, width)) {
      throw new InvalidCsvException(
          "%s has images of %d x %d pixels, which a crop of %d does not fit."
              .formatted(images.name, height, width, view.crop()));
    }
    return new IdxImages(images, labels, view);
  }

  private static int[] pixels(int height, int width, View view) {
    int[] shuffled = IntStream.range(0, height * width).toArray();
    if (view.permute() != null) {
      SplittableRandom random = new SplittableRandom(view.permute());
      for (int i = shuffled.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int kept = shuffled[i];
        shuffled[i] = shuffled[j];
        shuffled[j] = kept;
      }
    }
    int rows = view.crop() == 0 ? height : view.crop();
    int wide = view.crop() == 0 ? width : view.crop();
    int top = (height - rows) / 2;
    int left = (width - wide) / 2;
    return IntStream.range(0, rows * wide)
        .map(i -> shuffled[(top + i / wide) * width + left + i % wide])
        .toArray();
  }

  /** The number of images. */
  public int count() {
    return count;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Iterator<Map<String, String>> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < count;
      }

      @Override
      public Map<String, String> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        next++;
        byte[] image = images.read(images.sizes[1] * width, next);
        byte label = labels.read(1, next)[0];
        String[] values = new String[columns.size()];
        for (int i = 0; i < pixels.length; i++) {
          values[i] = GREY[image[pixels[i]] & 0xff];
        }
        values[pixels.length] = GREY[label & 0xff];
        return new ColumnRow(columns, indices, values);
      }
    };
  }

  @Override
  public void close() throws IOException {
    try (images) {
      labels.close();
    }
  }

  /** An open file whose header has been read. */
  private static final class File implements Closeable {
    final String name;
    final int[] sizes;
    private final DataInputStream in;

    private File(String name, int[] sizes, DataInputStream in) {
      this.name = name;
      this.sizes = sizes;
      this.in = in;
    }

    static File open(Path path, int dimensions) throws IOException {
      InputStream raw = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
      try {
        raw.mark(2);
        boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        DataInputStream in =
            new DataInputStream(
                zipped ? new BufferedInputStream(new GZIPInputStream(raw), 1 << 16) : raw);
        return new File(path.toString(), header(path.toString(), in, dimensions), in);
      } catch (EOFException e) {
        raw.close();
        throw new InvalidCsvException(path + " is not an IDX file: it ends within its header.");
      } catch (ZipException e) {
        raw.close();
        throw new InvalidCsvException(path + " is damaged: " + e.getMessage() + ".");
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    }

    private static int[] header(String name, DataInputStream in, int dimensions)
        throws IOException {
      int magic = in.readInt();
      if (magic >>> 16 != 0) {
        throw new InvalidCsvException(
            name + " is not an IDX file: it does not start with two zero bytes.");
      }
      if ((magic >> 8 & 0xff) != UNSIGNED_BYTES || (magic & 0xff) != dimensions) {
        throw new InvalidCsvException(
            "%s is not an IDX file of %s: it has type %d with %d dimensions, not type 8 with %d."
                .formatted(
                    name,
                    dimensions == 1 ? "labels" : "images",
                    magic >> 8 & 0xff,
                    magic & 0xff,
                    dimensions));
      }
      int[] sizes = new int[dimensions];
      for (int i = 0; i < dimensions; i++) {
        sizes[i] = in.readInt();
        if (sizes[i] < 0) {
          throw new InvalidCsvException(
              "%s announces %d items in dimension %d, which is more than can be read."
                  .formatted(name, Integer.toUnsignedLong(sizes[i]), i + 1));
        }
      }
      return sizes;
    }

    /**
     * The next numbers.
     *
     * @throws InvalidCsvException if the file ends earlier than its header says
     */
    byte[] read(int length, int item) {
      try {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
          throw new InvalidCsvException(
              "%s ends within item %d of %d.".formatted(name, item, sizes[0]));
        }
        return bytes;
      } catch (IOException e) {
        throw new InvalidCsvException(
            "%s cannot be read at item %d: %s.".formatted(name, item, e.getMessage()));
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
