package io.lift.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parts of the documentation that are made from the sources. */
final class Generated {
  private static final boolean WRITE = Boolean.getBoolean("lift.docs.write");

  private Generated() {}

  static Path root() {
    return Path.of("").toAbsolutePath().getParent();
  }

  /**
   * Checks that the file says between two marks what it should, or with {@code
   * -Dlift.docs.write=true} makes it say so.
   *
   * @param mark e.g. {@code rights}: from {@code <!-- rights -->} to {@code <!-- end of rights -->}
   */
  static void check(String file, String mark, String expected) throws IOException {
    Path path = root().resolve(file);
    String begin = "<!-- " + mark + " -->\n";
    String end = "<!-- end of " + mark + " -->";
    String text = Files.readString(path);
    assertThat(text).contains(begin, end);
    String before = text.substring(0, text.indexOf(begin) + begin.length());
    String after = text.substring(text.indexOf(end));
    String fresh = before + expected + after;
    if (WRITE) {
      Files.writeString(path, fresh);
    }
    assertThat(WRITE ? fresh : text)
        .as(
            "%s is stale; 'mvn -pl lift-it -am test -Dtest=DocumentsTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dlift.docs.write=true' rewrites it",
            file)
        .isEqualTo(fresh);
  }
}
