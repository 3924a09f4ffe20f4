package io.lift.cli.stack;

import io.lift.cli.base.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for a stack that runs as long as one command: {@code .lift/demo}, or {@code
 * .lift/demo-2} while another demo uses the first. It is empty at first.
 */
public final class Workspace implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final List<String> BULKY = List.of("broker/data", "state", "tmp");

  private final Path directory;
  private final FileChannel channel;

  private Workspace(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Claims the first directory of that name that is not in use. */
  public static Workspace claim(Home home, String name) {
    for (int n = 1; ; n++) {
      Path directory = home.stack(n == 1 ? name : name + "-" + n);
      try {
        Files.createDirectories(directory);
        FileChannel channel =
            FileChannel.open(
                directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) != null) {
          RunFile.read(directory).ifPresent(Stack::stop); // of a command that was killed
          for (String part : List.of("broker", "state", "logs", "tmp")) {
            delete(directory.resolve(part));
          }
          return new Workspace(directory, channel);
        }
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  public Path directory() {
    return directory;
  }

  /** Gives the directory back; only log files stay in it. */
  @Override
  public void close() {
    try {
      for (String part : BULKY) {
        delete(directory.resolve(part));
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
