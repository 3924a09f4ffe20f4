package io.lift.bench.load;

import io.lift.bench.measure.Processes;
import io.lift.cli.base.Home;
import io.lift.cli.stack.Service;
import io.lift.cli.stack.Stack;
import io.lift.cli.stack.StackOptions;
import io.lift.cli.stack.StackProcess;
import io.lift.cli.stack.Workspace;
import io.lift.cli.term.Terminal;
import io.lift.kafka.TopicAdmin;
import io.lift.messages.Topic;
import io.lift.messages.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An embedded stack of which only one service runs, beside plain processes of the benchmark. */
final class BenchStack implements AutoCloseable {
  private final Workspace workspace;
  private final Stack stack;
  private final Service kept;
  private final List<Process> peers = new ArrayList<>();

  private BenchStack(Workspace workspace, Stack stack, Service kept) {
    this.workspace = workspace;
    this.stack = stack;
    this.kept = kept;
  }

  static BenchStack with(Service kept, Terminal terminal) throws IOException, InterruptedException {
    Home home = Home.find();
    Workspace workspace = Workspace.claim(home, "bench");
    try {
      Stack stack =
          Stack.start(
              home,
              new StackOptions(workspace.directory(), Optional.empty(), 1, false).optimized(),
              terminal);
      for (Service service : Service.values()) {
        if (service != kept) {
          stack.kill(service.title());
        }
      }
      return new BenchStack(workspace, stack, kept);
    } catch (RuntimeException | InterruptedException e) {
      workspace.close();
      throw e;
    }
  }

  Stack stack() {
    return stack;
  }

  Map<String, Object> kafka() {
    return stack.kafka().client();
  }

  Topics topics() {
    return stack.kafka().topics();
  }

  /** Process id of the service that runs. */
  long pid() {
    return stack.runFile().processes().stream()
        .filter(process -> process.service() == kept)
        .mapToLong(StackProcess::pid)
        .findFirst()
        .orElseThrow();
  }

  /** A topic of the benchmark's own. */
  String topic(String name, int partitions) {
    Topic<byte[]> topic = new Topic<>(name, byte[].class, partitions, Map.of());
    TopicAdmin.ensure(kafka(), List.of(topic));
    return name;
  }

  /** Starts the plain loop as a process of its own and returns its process id. */
  long plainLoop(int maxPoll, int lingerMillis, int valueBytes, String input, String... outputs)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(stack.kafka().bootstrap());
    arguments.add(Integer.toString(maxPoll));
    arguments.add(Integer.toString(lingerMillis));
    arguments.add(Integer.toString(valueBytes));
    arguments.add(input);
    arguments.addAll(List.of(outputs));
    Path log = workspace.directory().resolve("logs/plain-" + input + ".log");
    Process peer = Processes.java(log, PlainLoop.class, arguments.toArray(String[]::new));
    peers.add(peer);
    return peer.pid();
  }

  @Override
  public void close() {
    for (Process peer : peers) {
      peer.destroyForcibly();
    }
    stack.close();
    workspace.close();
  }
}
