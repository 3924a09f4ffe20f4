package io.lift.bench.paper;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.cli.base.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results so far, one JSON file {@code cells/SET/METHOD….RUN.json} each. A file is there whole
 * or not at all, so that a stopped command goes on where it was. Results of another model than this
 * installation's do not count.
 */
final class CellFiles {
  private final ObjectMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private final Path directory;
  private final String model;
  private final Map<Cell, Scores> scores = new HashMap<>();
  private final Map<Cell, Boolean> current = new HashMap<>(); // of the files that were read

  /**
   * @param model the {@link LiftPrint} that Lift's results must have
   */
  CellFiles(Path out, String model) {
    this.directory = out.resolve("cells");
    this.model = model;
  }

  boolean has(Cell cell) {
    return Files.exists(file(cell)) && current.computeIfAbsent(cell, this::isCurrent);
  }

  /** How many of some cells have a result of another model, which does not count. */
  long outdated(List<Cell> cells) {
    return cells.stream().filter(cell -> Files.exists(file(cell)) && !has(cell)).count();
  }

  /** Reads no further than the model, which stands before the answers. */
  private boolean isCurrent(Cell cell) {
    if (!cell.method().equals(Experiment.LIFT)) {
      return true;
    }
    try (JsonParser json = mapper.createParser(file(cell).toFile())) {
      json.nextToken();
      String name = json.nextFieldName();
      while (name != null && !name.equals("model")) {
        json.nextToken();
        json.skipChildren();
        name = json.nextFieldName();
      }
      return name != null && model.equals(json.nextTextValue());
    } catch (JsonProcessingException e) {
      throw noResult(cell);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CliException noResult(Cell cell) {
    return new CliException("%s is no result of a cell; delete it to run it again.", file(cell));
  }

  /**
   * @throws CliException if the file is none of this command's
   */
  Optional<CellResult> read(Cell cell) {
    if (!has(cell)) {
      return Optional.empty();
    }
    try {
      return Optional.of(mapper.readValue(Files.readAllBytes(file(cell)), CellResult.class));
    } catch (JsonProcessingException e) {
      throw noResult(cell);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The metrics of a cell, computed once. */
  Optional<Scores> scores(Cell cell) {
    Scores known = scores.get(cell);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Scores> found = read(cell).map(Scores::of);
    found.ifPresent(computed -> scores.put(cell, computed));
    return found;
  }

  void write(CellResult result) throws IOException {
    Path file = file(result.cell());
    Files.createDirectories(file.getParent());
    Path fresh = Files.write(Path.of(file + ".new"), mapper.writeValueAsBytes(result));
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    current.remove(result.cell());
  }

  private Path file(Cell cell) {
    return directory.resolve(cell.key() + ".json");
  }
}
