package io.lift.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One document of a YAML file of this folder.
 *
 * @param file where it stands
 * @param content the document
 */
record Manifest(Path file, JsonNode content) {
  static final Path FOLDER = Path.of("").toAbsolutePath();
  static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
              .build());

  /** Every document in the YAML files below a folder of {@code deploy/}. */
  static List<Manifest> below(String folder) {
    try (Stream<Path> files = Files.walk(FOLDER.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .flatMap(file -> read(file).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Manifest> read(Path file) {
    List<Manifest> documents = new ArrayList<>();
    try (YAMLParser parser = new YAMLFactory().createParser(Files.newBufferedReader(file));
        MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(parser)) {
      all.forEachRemaining(document -> documents.add(new Manifest(file, document)));
      return documents;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " is not YAML", e);
    }
  }

  String kind() {
    return content.path("kind").asText();
  }

  String apiVersion() {
    return content.path("apiVersion").asText();
  }

  String name() {
    return content.path("metadata").path("name").asText();
  }

  /** e.g. {@code StatefulSet trainer-service in base/trainer.yaml}. */
  @Override
  public String toString() {
    return kind() + " " + name() + " in " + FOLDER.relativize(file);
  }
}
