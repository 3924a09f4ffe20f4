package io.lift.cli.task;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: a whole number and {@code s}, {@code min}, {@code h} or d. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9}) ?(s|min|h|d)");

  @Override
  public Duration convert(String written) {
    if (written.equals("0")) {
      return Duration.ZERO;
    }
    Matcher parts = WRITTEN.matcher(written);
    if (!parts.matches()) {
      throw new TypeConversionException(
          "'" + written + "' is no duration; write for example 90s, 30min, 24h or 7d.");
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
