package io.lift.cli.inspect;

import io.lift.cli.base.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code lift version}. */
@Command(
    name = "version",
    description = "Says which version this is, as --version does.",
    footer = "  lift version")
public final class VersionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    for (String line : new Version().getVersion()) {
      System.out.println(line);
    }
    return 0;
  }
}
