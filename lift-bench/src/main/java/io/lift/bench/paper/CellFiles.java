package io.lift.bench.paper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lift.cli.CliError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The results so far, one JSON file {@code cells/SET/METHOD….RUN.json} each. A file is there whole
 * or not at all, so that a stopped command goes on where it was.
 */
final class CellFiles {
  private final ObjectMapper mapper =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private final Path directory;
  private final Map<Cell, Scores> scores = new HashMap<>();

  CellFiles(Path out) {
    directory = out.resolve("cells");
  }

  boolean has(Cell cell) {
    return Files.exists(file(cell));
  }

  /**
   * @throws CliError if the file is none of this command's
   */
  Optional<CellResult> read(Cell cell) {
    try {
      return Optional.of(mapper.readValue(Files.readAllBytes(file(cell)), CellResult.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new CliError("%s is no result of a cell; delete it to run it again.", file(cell));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The figures of a cell, computed once. */
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
  }

  private Path file(Cell cell) {
    return directory.resolve(cell.key() + ".json");
  }
}
