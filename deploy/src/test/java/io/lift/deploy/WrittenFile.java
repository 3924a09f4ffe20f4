package io.lift.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that the build writes from the code. */
final class WrittenFile {
  /** The system property that has the files written instead of checked. */
  static final String WRITE = "lift.write";

  private WrittenFile() {}

  static void check(Path file, String content) throws IOException {
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(file, content);
    }
    assertThat(file)
        .as("%s is stale; write it anew with: mvn test -pl deploy -am -D%s=true", file, WRITE)
        .hasContent(content);
  }
}
