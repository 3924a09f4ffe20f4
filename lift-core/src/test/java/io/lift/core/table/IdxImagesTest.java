package io.lift.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxImagesTest {
  private static final int IMAGES = 0x0803;
  private static final int LABELS = 0x0801;

  @TempDir private Path directory;

  @Test
  void imagesAreRowsOfPixelsWithTheirLabel() throws IOException {
    Path images =
        file("i", idx(IMAGES, new int[] {2, 2, 3}, 0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255));
    Path labels = file("l", idx(LABELS, new int[] {2}, 7, 0));

    List<Map<String, String>> rows = rows(images, labels, IdxImages.View.WHOLE);

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).keySet()).containsExactly("p1", "p2", "p3", "p4", "p5", "p6", "label");
    assertThat(rows.get(0).values()).containsExactly("0", "1", "2", "3", "4", "5", "7");
    assertThat(rows.get(1)).containsEntry("p6", "255").containsEntry("label", "0");
    assertThat(rows.get(1).get("p7")).isNull();
  }

  @Test
  void compressedFilesAreTheSame() throws IOException {
    byte[] images = idx(IMAGES, new int[] {1, 1, 2}, 9, 8);
    Path labels = file("l", idx(LABELS, new int[] {1}, 1));

    assertThat(rows(file("i.gz", gzip(images)), labels, IdxImages.View.WHOLE))
        .isEqualTo(rows(file("i", images), labels, IdxImages.View.WHOLE));
  }

  @Test
  void theMiddleIsKept() throws IOException {
    int[] pixels = new int[28 * 28];
    Arrays.setAll(pixels, i -> i % 28);
    Path images = file("i", idx(IMAGES, new int[] {1, 28, 28}, pixels));
    Path labels = file("l", idx(LABELS, new int[] {1}, 1));

    Map<String, String> row = rows(images, labels, new IdxImages.View(18, null)).get(0);

    // the paper's crop [5:-5, 5:-5]
    assertThat(row).hasSize(18 * 18 + 1).containsEntry("p1", "5").containsEntry("p324", "22");
  }

  @Test
  void permutedPixelsAreTheSameInEveryImageAndBeforeTheCrop() throws IOException {
    int[] pixels = new int[2 * 16];
    Arrays.setAll(pixels, i -> i);
    Path images = file("i", idx(IMAGES, new int[] {2, 4, 4}, pixels));
    Path labels = file("l", idx(LABELS, new int[] {2}, 1, 2));

    List<Map<String, String>> moved = rows(images, labels, new IdxImages.View(0, 3247L));
    List<Map<String, String>> cropped = rows(images, labels, new IdxImages.View(2, 3247L));

    for (String pixel : List.of("p1", "p2", "p16")) {
      assertThat(Integer.parseInt(moved.get(1).get(pixel)))
          .isEqualTo(Integer.parseInt(moved.get(0).get(pixel)) + 16);
    }
    assertThat(moved.get(0).values())
        .isNotEqualTo(rows(images, labels, IdxImages.View.WHOLE).get(0).values());
    assertThat(moved.get(0).values().stream().limit(16).distinct()).hasSize(16);
    assertThat(cropped.get(0).get("p1")).isEqualTo(moved.get(0).get("p6"));
  }

  @Test
  void aFileThatIsNotIdxIsRejectedInOneSentence() throws IOException {
    byte[] good = idx(IMAGES, new int[] {1, 1, 1}, 5);
    Path labels = file("labels", idx(LABELS, new int[] {1}, 1));
    rejects(new byte[0], labels, "is not an IDX file: it ends within its header.");
    rejects(new byte[] {0, 0, 8}, labels, "is not an IDX file: it ends within its header.");
    rejects("p1,p2\n1,2\n".getBytes(), labels, "does not start with two zero bytes");
    rejects(
        idx(LABELS, new int[] {1}, 1), labels, "not an IDX file of images: it has type 8 with 1");
    rejects(idx(0x0D03, new int[] {1, 1, 1}, 1), labels, "type 13 with 3 dimensions");
    rejects(idx(IMAGES, new int[] {-1, 1, 1}), labels, "announces 4294967295 items");
    rejects(idx(IMAGES, new int[] {1, 1 << 30, 1 << 30}), labels, "a side can have 1 to 1024.");
    rejects(idx(IMAGES, new int[] {1, 0, 4}), labels, "a side can have 1 to 1024.");
    rejects(idx(IMAGES, new int[] {2, 1, 1}, 5), labels, "2 images, but");
    rejects(Arrays.copyOf(good, good.length - 1), labels, "ends within item 1 of 1");
    rejects(Arrays.copyOf(gzip(good), 12), labels, "");
    assertThatThrownBy(() -> rows(file("i", good), directory.resolve("none"), IdxImages.View.WHOLE))
        .isInstanceOf(NoSuchFileException.class);
    Path image = file("i", good);
    assertThatThrownBy(() -> rows(image, labels, new IdxImages.View(2, null)))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageContaining("has images of 1 x 1 pixels, which a crop of 2 does not fit.");
  }

  @Test
  void aHeaderThatPromisesTooMuchCostsNothing() throws IOException {
    // two billion images of a million pixels: nothing is allocated for what is not there
    byte[] images = idx(IMAGES, new int[] {Integer.MAX_VALUE, 1024, 1024}, 1, 2, 3);
    Path labels = file("l", idx(LABELS, new int[] {Integer.MAX_VALUE}, 1));

    assertThatThrownBy(() -> rows(file("i", images), labels, IdxImages.View.WHOLE))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageContaining("ends within item 1 of 2147483647");
  }

  @Test
  void noBytesWhateverTheyAreEndInAnythingButASentence() throws IOException {
    byte[] good = idx(IMAGES, new int[] {3, 2, 2}, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    Path labels = file("labels", idx(LABELS, new int[] {3}, 1, 2, 3));
    Random random = new Random(1);
    for (int trial = 0; trial < 300; trial++) {
      byte[] bad = (trial % 2 == 0 ? good : gzip(good)).clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      Path images = file("bad", Arrays.copyOf(bad, random.nextInt(bad.length) + 1));
      try {
        rows(images, labels, IdxImages.View.WHOLE);
      } catch (InvalidCsvException e) {
        assertThat(e.getMessage()).contains("bad").endsWith(".").hasLineCount(1);
      } catch (IOException e) {
        assertThat(e.getMessage()).isNotNull(); // a gzip header that is none
      }
    }
  }

  private void rejects(byte[] images, Path labels, String why) throws IOException {
    Path file = file("images", images);
    assertThatThrownBy(() -> rows(file, labels, IdxImages.View.WHOLE))
        .isInstanceOf(InvalidCsvException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("images")
        .hasMessageEndingWith(".");
  }

  private static List<Map<String, String>> rows(Path images, Path labels, IdxImages.View view)
      throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (IdxImages table = IdxImages.open(images, labels, view)) {
      table.forEach(rows::add);
    }
    return rows;
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  private static byte[] idx(int magic, int[] sizes, int... items) {
    ByteBuffer out = ByteBuffer.allocate(4 + 4 * sizes.length + items.length).putInt(magic);
    Arrays.stream(sizes).forEach(out::putInt);
    Arrays.stream(items).forEach(item -> out.put((byte) item));
    return out.array();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(plain);
    }
    return out.toByteArray();
  }
}
