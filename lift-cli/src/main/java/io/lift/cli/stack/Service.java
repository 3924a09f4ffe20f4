package io.lift.cli.stack;

import io.lift.cli.base.CliException;
import io.lift.cli.base.Home;
import java.nio.file.Files;
import java.nio.file.Path;

/** The four services, in the order of the flow. */
public enum Service {
  SERIALIZER("serializer", "256m"),
  TRAINER("trainer", "768m"),
  INFERENCE("inference", "768m"),
  EVALUATOR("evaluator", "384m");

  private final String title;
  private final String heap;

  Service(String title, String heap) {
    this.title = title;
    this.heap = heap;
  }

  /** e.g. {@code trainer}. */
  public String title() {
    return title;
  }

  /** Largest heap, as {@code -Xmx} takes it; native tensors come on top. */
  String heap() {
    return heap;
  }

  /**
   * @throws CliException if the service is not there
   */
  Path jar(Home home) {
    Path jar = home.service(title).resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw home.isInstallation()
          ? new CliException(
              "The %s service is missing in %s; unpack the archive again.", title, home.root())
          : new CliException(
              "The %s service is not built; run 'mvn package' in %s.", title, home.root());
    }
    return jar;
  }
}
