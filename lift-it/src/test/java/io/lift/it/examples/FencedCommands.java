package io.lift.it.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The shell commands in the fenced blocks of a page, in order. */
final class FencedCommands {
  private static final String FENCE = "```";
  private static final String PROMPT = "$ ";

  /** How a line begins that is a command where a block has no prompts. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(\\./lift|bin/lift|mvn|java|python3|curl|kafka-|connect-|printf|echo|KAFKA=).*");

  private FencedCommands() {}

  /**
   * One command.
   *
   * @param line of the page, from 1
   */
  record Command(Path page, int line, String text) {
    @Override
    public String toString() {
      return page.getFileName() + ":" + line + ": " + text;
    }
  }

  static List<Command> of(Path page) throws IOException {
    List<Command> commands = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).equals(FENCE)) {
        continue;
      }
      int end = i + 1;
      while (!lines.get(end).equals(FENCE)) {
        end++;
      }
      commands.addAll(ofBlock(page, i + 1, lines.subList(i + 1, end)));
      i = end;
    }
    return commands;
  }

  private static List<Command> ofBlock(Path page, int from, List<String> block) {
    boolean prompts = block.stream().anyMatch(line -> line.startsWith(PROMPT));
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < block.size(); i++) {
      String line = block.get(i);
      if (prompts ? !line.startsWith(PROMPT) : !COMMAND.matcher(line).matches()) {
        continue;
      }
      int number = from + i + 1;
      StringBuilder text = new StringBuilder(prompts ? line.substring(PROMPT.length()) : line);
      while (text.charAt(text.length() - 1) == '|') { // goes on in the next line
        text.append('\n').append(block.get(++i));
      }
      commands.add(new Command(page, number, text.toString()));
    }
    return commands;
  }
}
