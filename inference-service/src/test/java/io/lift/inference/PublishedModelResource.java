package io.lift.inference;

import io.lift.checkpoint.TensorType;
import io.lift.testing.RandomModelFolder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** A small folder laid out like a published model, as the service's base. */
public final class PublishedModelResource implements QuarkusTestResourceLifecycleManager {
  private Path folder;

  @Override
  public Map<String, String> start() {
    try {
      folder = Files.createTempDirectory("lift-model");
      RandomModelFolder.write(
          folder, new RandomModelFolder.Size("llama", 400, 32, 2, 4, 2, 64), TensorType.BF16, 2, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // room for a few adapters only
    return Map.of(
        "lift.model.path", folder.toString(), "lift.inference.max-loaded-bytes", "400000");
  }

  @Override
  public void stop() {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
