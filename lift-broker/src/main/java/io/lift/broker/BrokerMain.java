package io.lift.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/**
 * The broker's JVM: formats the storage if it is new, then runs Kafka until SIGTERM or until its
 * parent ends. Arguments: the properties file, and the parent's process id (0 for none).
 */
public final class BrokerMain {
  /** Beside the properties file: the users that the storage is formatted with, one a line. */
  static final String USERS = "users";

  private BrokerMain() {}

  public static void main(String[] args) throws Exception {
    Path properties = Path.of(args[0]);
    followParent(Long.parseLong(args[1]));
    format(properties);
    Kafka.main(new String[] {properties.toString()});
  }

  private static void format(Path file) throws Exception {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    if (Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of("format", "--cluster-id", Uuid.randomUuid().toString()));
    command.addAll(List.of("--config", file.toString()));
    Path users = file.resolveSibling(USERS);
    if (Files.exists(users)) {
      for (String user : Files.readAllLines(users)) {
        command.addAll(List.of("--add-scram", user));
      }
    }
    if (StorageTool.execute(command.toArray(String[]::new), System.out) != 0) {
      System.exit(1);
    }
  }

  private static void followParent(long pid) {
    if (pid == 0) {
      return;
    }
    ProcessHandle.of(pid)
        .ifPresentOrElse(
            parent -> parent.onExit().thenRun(() -> System.exit(0)), () -> System.exit(0));
  }
}
