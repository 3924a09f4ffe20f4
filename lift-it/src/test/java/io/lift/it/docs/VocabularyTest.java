package io.lift.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main code and documents use the field's terms, which readers know. */
class VocabularyTest {
  private static final String WORDS = "words.txt";

  /** Documents about their own time keep the words of that time. */
  private static final Pattern DATED = Pattern.compile("docs/experiments/\\d.*");

  @Test
  void mainCodeHasNoMetaphorWhereTheFieldHasATerm() throws IOException {
    Path root = Generated.root();
    List<Path> files = new ArrayList<>();
    files.addAll(Sources.files(root, "src/main/java", ".java"));
    for (String end : List.of(".js", ".css", ".html", ".properties", ".py", ".yaml")) {
      files.addAll(Sources.files(root, "src/main/resources", end));
    }

    assertThat(found(root, files)).isEmpty();
  }

  @Test
  void documentsHaveNoMetaphorWhereTheFieldHasATerm() throws IOException {
    Path root = Generated.root();
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("docs", "deploy")) {
      try (Stream<Path> below = Files.walk(root.resolve(folder))) {
        below
            .filter(file -> file.toString().matches(".*\\.(md|yaml|yml|json)"))
            .filter(file -> !root.relativize(file).toString().contains("target"))
            .filter(file -> !DATED.matcher(root.relativize(file).toString()).matches())
            .forEach(files::add);
      }
    }
    try (Stream<Path> top = Files.list(root)) {
      top.filter(file -> file.toString().endsWith(".md")).forEach(files::add);
    }

    assertThat(found(root, files)).isEmpty();
  }

  @Test
  void wordsInsideIdentifiersAreFound() {
    assertThat(words("OpenTuners.rollbackWish()")).contains("tuners", "wish");
    assertThat(words("RENEWAL_BUDGET")).contains("renewal");
    assertThat(words("begunRows for ever")).contains("for ever");
  }

  /** Each line that holds a word of the list, with the term to use. */
  private static List<String> found(Path root, List<Path> files) throws IOException {
    Map<String, String> terms = terms();
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String text = words(lines.get(i));
        for (Map.Entry<String, String> term : terms.entrySet()) {
          if (text.contains(" " + term.getKey() + " ")) {
            found.add(
                "%s:%d: '%s'; %s"
                    .formatted(root.relativize(file), i + 1, term.getKey(), term.getValue()));
          }
        }
      }
    }
    return found;
  }

  /** The words of a line, in small letters, each with a blank on both sides. */
  private static String words(String line) {
    String apart =
        line.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
            .replaceAll("[^A-Za-z]+", " ");
    return " " + apart.toLowerCase(Locale.ROOT) + " ";
  }

  /** The list: a word, or several, and what to say instead. */
  private static Map<String, String> terms() throws IOException {
    Map<String, String> terms = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(VocabularyTest.class.getResourceAsStream(WORDS)),
                StandardCharsets.UTF_8))) {
      for (String line : lines.lines().toList()) {
        if (!line.isBlank() && !line.startsWith("#")) {
          String[] parts = line.split("=", 2);
          for (String word : parts[0].split(",")) {
            terms.put(word.strip(), parts[1].strip());
          }
        }
      }
    }
    return terms;
  }
}
