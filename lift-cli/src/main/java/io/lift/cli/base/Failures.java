package io.lift.cli.base;

import io.lift.core.table.InvalidCsvException;
import io.lift.kafka.KafkaFailures;
import io.lift.kafka.KafkaUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** Says failures in sentences for users, without names of classes. */
public final class Failures {
  /** A name of a class, with its package or by its usual end. */
  private static final Pattern CLASS =
      Pattern.compile("\\b([a-z][a-z0-9_]*\\.)+[A-Z]\\w*|\\b[A-Z]\\w*(Exception|Error)\\b|\\$\\$");

  private Failures() {}

  /** What has failed, in a sentence or two. */
  public static String sentence(Throwable error) {
    if (error instanceof AuthenticationException || error instanceof AuthorizationException) {
      return "Kafka denied access: " + error.getMessage() + " (check --kafka-config).";
    }
    if (error instanceof TimeoutException) {
      return "Kafka did not answer in time (" + error.getMessage() + "); check that it runs.";
    }
    if (error instanceof InterruptedException) {
      return "Interrupted.";
    }
    if (error instanceof CliException
        || error instanceof InvalidCsvException
        || error instanceof KafkaUnavailableException) {
      return error.getMessage();
    }
    boolean wraps =
        error instanceof UncheckedIOException
            || error instanceof ExecutionException
            || error instanceof CompletionException;
    if (wraps && error.getCause() != null) {
      return sentence(error.getCause());
    }
    if (error instanceof FileSystemException file && file.getFile() != null) {
      return ofFile("use", file.getFile(), file);
    }
    return KafkaFailures.login(error).map(Failures::closed).orElseGet(() -> unforeseen(error));
  }

  private static String unforeseen(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage().strip();
    boolean readable = !message.isEmpty() && !CLASS.matcher(message).find();
    if (readable && error instanceof KafkaException) {
      return "Kafka reports: " + closed(message);
    }
    boolean told = error instanceof IOException || error instanceof IllegalArgumentException;
    return readable && told
        ? closed(message)
        : "Lift has failed in an unforeseen way"
            + (readable ? ": " + closed(message) : ".")
            + " Run the command with --verbose for the details, and please report them.";
  }

  private static String closed(String message) {
    return message.replaceFirst("[.!]?$", ".");
  }

  /**
   * Why a file cannot be used.
   *
   * @param what is to be done: read, write or use
   */
  public static String ofFile(String what, String file, IOException error) {
    if (error instanceof NoSuchFileException missing) {
      return "There is no file %s.".formatted(missing.getFile());
    }
    if (error instanceof AccessDeniedException) {
      return "Cannot %s %s: access is denied.".formatted(what, file);
    }
    String reason =
        error instanceof FileSystemException system && system.getReason() != null
            ? system.getReason()
            : error.getMessage();
    boolean readable = reason != null && !CLASS.matcher(reason).find() && !reason.equals(file);
    return "Cannot %s %s%s".formatted(what, file, readable ? ": " + closed(reason) : ".");
  }
}
