package io.lift.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.model.BaseModel;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoders against {@code src/test/reference/encoder.py}. */
class TextEncoderTest {
  private static final float TOLERANCE = 1e-4f;

  /** Texts with their vectors. */
  private record Expected(List<String> texts, List<float[]> vectors) {
    static Expected read(String file) throws IOException, URISyntaxException {
      List<String> texts = new ArrayList<>();
      List<float[]> vectors = new ArrayList<>();
      for (JsonNode each : new ObjectMapper().readTree(folder().resolve(file).toFile())) {
        float[] vector = new float[each.path("vector").size()];
        for (int d = 0; d < vector.length; d++) {
          vector[d] = each.path("vector").get(d).floatValue();
        }
        texts.add(each.path("text").asText());
        vectors.add(vector);
      }
      return new Expected(texts, vectors);
    }
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(BaseModel.class.getResource("encoder").toURI());
  }

  private static void check(TextEncoder encoder, Expected expected) {
    float[][] together = encoder.vectors(expected.texts());
    for (int t = 0; t < together.length; t++) {
      float[] wanted = expected.vectors().get(t);
      assertThat(together[t]).containsExactly(wanted, within(TOLERANCE));
      // alone, a row is not padded
      float[] alone = encoder.vectors(expected.texts().subList(t, t + 1))[0];
      assertThat(alone).containsExactly(wanted, within(TOLERANCE));
    }
  }

  @Test
  void aPublishedFolderOfTheBertFamilyAgreesWithItsFormulas() throws Exception {
    try (TextEncoder encoder = TextEncoder.open(folder(), "cpu")) {
      assertThat(encoder.width()).isEqualTo(16);
      check(encoder, Expected.read("expected.json"));
    }
  }

  @Test
  void theWeightsInTheOnnxFileAgreeWithMiniLmsFormulas() throws Exception {
    try (ModelFolder files = ModelFolder.open(EncoderFiles.folder());
        TextEncoder encoder = TextEncoder.open(EncoderFiles.folder(), "cpu")) {
      assertThat(files.hash()).isEqualTo(EncoderFiles.HASH);
      check(encoder, Expected.read("minilm.json"));
    }
  }

  @Test
  void aFolderThatWasDamagedIsUnpackedAgain(@TempDir Path cache) throws IOException {
    Path weights = EncoderFiles.folder(cache).resolve(ModelFolder.WEIGHTS);
    byte[] whole = Files.readAllBytes(weights);
    byte[] damaged = whole.clone();
    damaged[whole.length / 2] ^= 1;
    Files.write(weights, damaged);

    assertThat(EncoderFiles.folder(cache).resolve(ModelFolder.WEIGHTS)).hasBinaryContent(whole);
  }

  @Test
  void ofALongTextTheBeginningIsRead() throws Exception {
    String start = String.join(" ", Collections.nCopies(254, "red"));
    try (TextEncoder encoder = TextEncoder.open(folder(), "cpu")) {
      float[][] vectors = encoder.vectors(List.of(start, start + " car car car"));
      assertThat(vectors[1]).containsExactly(vectors[0], within(TOLERANCE));
    }
  }

  @Test
  void theFolderOfADecoderIsNoEncoder() throws Exception {
    Path decoder = Path.of(BaseModel.class.getResource("families/gpt2").toURI());
    assertThatThrownBy(() -> TextEncoder.open(decoder, "cpu"))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContaining("is not that of an encoder");
  }

  @Test
  void aTextThatComesAgainIsNotReadAgain() throws Exception {
    try (TextReader reader = new TextReader(TextEncoder.open(folder(), "cpu"))) {
      List<TextFeatures> first = reader.read(List.of("red car", "salary", "red car"));
      List<TextFeatures> second = reader.read(List.of("salary", "red car", "a car"));

      assertThat(second.get(1)).isSameAs(first.get(0)).isSameAs(first.get(2));
      assertThat(second.get(0)).isSameAs(first.get(1));
      assertThat(reader.counts()).isEqualTo(new TextReader.Counts(2, 4));
    }
  }

  @Test
  void withoutAnEncoderTextsHaveWordsAndNoVector() {
    try (TextReader reader = new TextReader(null)) {
      TextFeatures read = reader.read(List.of("Red car, red CAR")).get(0);
      assertThat(read.vector()).isNull();
      // words: red, car; pairs: red car, car red; runs of " red ", " car ", " car, ", …
      assertThat(read.grams()).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(10);
      assertThat(read.counts()).contains(2f);
    }
  }
}
