package io.lift.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.model.text.WordLikeness;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  private static final List<String> SIZES = List.of("large", "medium", "small");
  private static final List<String> DEGREES = List.of("high school", "Bachelors", "PhD");

  private static TextReader reader;
  private static WordLikeness byMeaning;
  private static WordLikeness byLetters;

  @BeforeAll
  static void open() {
    reader = new TextReader(TextEncoder.open(EncoderFiles.folder(), "cpu"));
    byMeaning = new NearestWord(() -> reader);
    byLetters = new NearestWord(() -> new TextReader(null));
  }

  @AfterAll
  static void close() {
    reader.close();
  }

  @Test
  void aWordIsLikeTheOneThatMeansTheSame() {
    assertThat(byMeaning.nearest(SIZES, "tiny")).isEqualTo(2);
    assertThat(byMeaning.nearest(SIZES, "huge")).isZero();
    assertThat(byMeaning.nearest(DEGREES, "doctorate")).isEqualTo(2);
    assertThat(byMeaning.nearest(DEGREES, "secondary school")).isZero();
    assertThat(byMeaning.nearest(List.of("engineer", "nurse", "teacher"), "professor"))
        .isEqualTo(2);
  }

  @Test
  void aWordThatIsFarFromAllIsLikeNone() {
    for (String word : List.of("banana", "true", "late", "", "#", "re")) {
      assertThat(byMeaning.nearest(SIZES, word)).as(word).isEqualTo(-1);
    }
    assertThat(byMeaning.nearest(List.of(), "tiny")).isEqualTo(-1);
  }

  @Test
  void aCodeIsLikeNone() {
    assertThat(byMeaning.nearest(List.of("A11", "A13", "B7"), "A12")).isEqualTo(-1);
    assertThat(byMeaning.nearest(List.of("30-39", "70-79"), "40-49")).isEqualTo(-1);
  }

  @Test
  void aSlimBuildComparesLetters() {
    assertThat(byLetters.nearest(DEGREES, "bachelor")).isEqualTo(1);
    assertThat(byLetters.nearest(SIZES, "LARGE")).isZero();
    assertThat(byLetters.nearest(SIZES, "tiny")).isEqualTo(-1);
  }
}
