package io.lift.bench.paper;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All experiments, from {@code experiments.yaml}.
 *
 * @param groups names for several sets or methods, which experiments may use instead of them
 * @param experiments in the order of the report
 * @param paper the experiments of the paper, covered or not
 */
record Experiments(
    Map<String, List<String>> groups, List<Experiment> experiments, List<PaperExperiment> paper) {
  private static final String FILE = "experiments.yaml";

  static List<Experiment> all() {
    Experiments file = read();
    return file.experiments.stream().map(file::spelledOut).toList();
  }

  static List<PaperExperiment> ofPaper() {
    return read().paper;
  }

  private static Experiments read() {
    try (InputStream in = Experiments.class.getResourceAsStream(FILE)) {
      return new ObjectMapper(new YAMLFactory()).readValue(in, Experiments.class);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE, e);
    }
  }

  private Experiment spelledOut(Experiment given) {
    Map<String, List<String>> means = new LinkedHashMap<>();
    given.means().forEach((name, names) -> means.put(name, expand(names)));
    return new Experiment(
        given.name(),
        given.title(),
        given.about(),
        expand(given.sets()),
        given.runs(),
        expand(given.methods()),
        given.ways(),
        given.variants(),
        given.measures(),
        given.view(),
        given.axis(),
        means,
        expand(given.quick()));
  }

  private List<String> expand(List<String> names) {
    return names.stream()
        .flatMap(name -> groups.getOrDefault(name, List.of(name)).stream())
        .toList();
  }
}
