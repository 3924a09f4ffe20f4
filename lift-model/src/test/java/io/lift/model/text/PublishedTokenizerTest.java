package io.lift.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lift.checkpoint.InvalidModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishedTokenizerTest {
  private static final PublishedTokenizer BYTE_LEVEL =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.byteLevel(120));
  private static final PublishedTokenizer METASPACE =
      PublishedTokenizer.read("tokenizer.json", TinyTokenizers.metaspace(120));

  static Stream<PublishedTokenizer> both() {
    return Stream.of(BYTE_LEVEL, METASPACE);
  }

  @AfterAll
  static void close() {
    both().forEach(PublishedTokenizer::close);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void tenThousandRandomStringsComeBackFromTheirTokens(PublishedTokenizer tokenizer) {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      String text = random(random);
      assertThat(tokenizer.decode(tokenizer.start(text))).isEqualTo(text);
      assertThat(tokenizer.decodeContinuation(tokenizer.continuation(" " + text)))
          .isEqualTo(" " + text);
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("both")
  void startAndContinuationTogetherSpellTheWholeText(PublishedTokenizer tokenizer) {
    Random random = new Random(2);
    for (int i = 0; i < 2_000; i++) {
      String first = random(random) + "###";
      String then = " " + random(random) + "x@@@";
      int[] a = tokenizer.start(first);
      int[] b = tokenizer.continuation(then);
      int[] both = java.util.Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      assertThat(tokenizer.decode(both)).isEqualTo(first + then);
    }
  }

  @Test
  void wordsOfTheVocabularyAreShorterThanTheirLetters() {
    assertThat(BYTE_LEVEL.start("When we have x1=5.10")).hasSizeLessThan(12);
    assertThat(METASPACE.start("When we have x1=5.10")).hasSizeLessThan(12);
  }

  @Test
  void theBeginningMarkStandsWhereTheModelExpectsIt() {
    assertThat(BYTE_LEVEL.beginning()).isEmpty();
    assertThat(METASPACE.beginning()).containsExactly(1);
  }

  @Test
  void textCannotForgeSpecialTokens() {
    int end = BYTE_LEVEL.size() - 1;
    assertThat(BYTE_LEVEL.start("a<|endoftext|>b")).doesNotContain(end);
    assertThat(METASPACE.start("a</s>b")).doesNotContain(2);
    assertThat(METASPACE.decode(METASPACE.start("a</s>b"))).isEqualTo("a</s>b");
  }

  @Test
  void halfCharactersAreReplaced() {
    assertThat(BYTE_LEVEL.decode(BYTE_LEVEL.start("a\ud800b"))).isEqualTo("a\ufffdb");
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRejected() {
    int size = BYTE_LEVEL.size();
    BYTE_LEVEL.checkFits(size);
    BYTE_LEVEL.checkFits(size + 128 - size % 128);
    for (int rows : new int[] {size - 1, 128_256}) {
      assertThatThrownBy(() -> BYTE_LEVEL.checkFits(rows))
          .isInstanceOf(InvalidModelException.class)
          .hasMessage(
              "tokenizer.json has %d tokens, but the weights were made for %d: they do not belong"
                  + " together.",
              size, rows);
    }
  }

  @Test
  void whatIsNoTokenizerIsRejectedInOneSentence() {
    byte[] sound = TinyTokenizers.byteLevel(5);
    rejects("", "is not a tokenizer: it is not a JSON object");
    rejects("[1]", "is not a tokenizer: it is not a JSON object");
    rejects("{\"model\": {}}", "it has no vocabulary");
    rejects("{\"model\": {\"vocab\": {\"a\": -1}}}", "gives a token the id -1");
    rejects("{\"model\": {\"vocab\": {\"a\": 1e9}}}", "gives a token the id 1.0E9");
    rejects(
        "{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}}}",
        "is not a tokenizer that can be used: ");
    rejects(new String(sound, StandardCharsets.UTF_8).substring(0, sound.length / 2), "not JSON");
  }

  @Test
  void aMutatedFileIsReadOrRejectedInOneSentenceAndNeverCrashes() {
    Random random = new Random(3);
    byte[][] sound = {TinyTokenizers.byteLevel(5), TinyTokenizers.metaspace(5)};
    for (int i = 0; i < 2_000; i++) {
      byte[] file = sound[i % 2].clone();
      for (int m = 0; m <= random.nextInt(4); m++) {
        file[random.nextInt(file.length)] =
            (byte) (random.nextBoolean() ? '0' : 32 + random.nextInt(95));
      }
      try (PublishedTokenizer read = PublishedTokenizer.read("tokenizer.json", file)) {
        assertThat(java.util.Arrays.stream(read.start("When we have x1=5, ###")))
            .allMatch(id -> id < read.size());
      } catch (InvalidModelException e) {
        assertThat(e).hasMessageStartingWith("tokenizer.json ");
      }
    }
  }

  @Test
  void theNativeLibraryIsUnpackedWhereTheProjectKeepsItsOwn() throws Exception {
    Path cache = Path.of(System.getProperty("DJL_CACHE_DIR"));
    try (Stream<Path> files = Files.walk(cache.resolve("tokenizers"))) {
      assertThat(files.map(f -> f.getFileName().toString())).contains("libtokenizers.so");
    }
  }

  private static void rejects(String json, String why) {
    assertThatThrownBy(
            () -> PublishedTokenizer.read("tokenizer.json", json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("tokenizer.json ")
        .hasMessageContaining(why);
  }

  /** Letters of many scripts, emoji with joiners, long digits, controls, blanks in runs. */
  static String random(Random random) {
    StringBuilder text = new StringBuilder();
    int parts = random.nextInt(8);
    for (int i = 0; i < parts; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append("0123456789".repeat(1 + random.nextInt(6)));
        case 1 -> text.append(random.nextLong()).append('.').append(random.nextInt(1000));
        case 2 -> text.append("👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽");
        case 3 ->
            text.append((char) random.nextInt(0x20)).append((char) (0x7f + random.nextInt(0x21)));
        case 4 -> text.append(" ".repeat(random.nextInt(5)));
        case 5 -> text.append("When we have x1=").append(random.nextInt(100)).append(", ###@@@");
        default -> text.appendCodePoint(letter(random));
      }
    }
    return text.toString();
  }

  private static int letter(Random random) {
    while (true) {
      int point = random.nextInt(0x110000);
      // ▁ is how such vocabularies write a blank, so it cannot be told from one
      if ((point < 0xD800 || point > 0xDFFF) && point != '▁') {
        return point;
      }
    }
  }
}
