package io.lift.bench.scale;

import io.lift.cli.base.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Rows per second of every task over a day.
 *
 * @param tasks names
 * @param starts second at which each interval begins
 * @param rates rows per second by interval and task
 */
record Traffic(List<String> tasks, List<Integer> starts, List<double[]> rates) {
  static final int DAY = 24 * 60 * 60;

  /** The day that ships with the benchmark. */
  static Traffic shipped() {
    try (InputStream in = Traffic.class.getResourceAsStream("day.csv")) {
      return read("day.csv", new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A day of one's own: {@code minute}, then a column of rows per second for each task.
   *
   * @throws CliException if the file is not like that
   */
  static Traffic read(Path file) {
    try (Reader in = Files.newBufferedReader(file)) {
      return read(file.toString(), in);
    } catch (IOException e) {
      throw new CliException(file + " cannot be read.");
    }
  }

  private static Traffic read(String name, Reader in) throws IOException {
    var csv = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get().parse(in);
    List<String> header = csv.getHeaderNames();
    List<Integer> starts = new ArrayList<>();
    List<double[]> rates = new ArrayList<>();
    for (CSVRecord line : csv) {
      try {
        starts.add(Integer.parseInt(line.get(0)) * 60);
        rates.add(line.stream().skip(1).mapToDouble(Double::parseDouble).map(Math::abs).toArray());
      } catch (NumberFormatException e) {
        throw new CliException(name + ", line " + csv.getCurrentLineNumber() + ": not a number.");
      }
    }
    if (starts.isEmpty() || header.size() < 2) {
      throw new CliException(name + " needs a column minute and one of rows per second per task.");
    }
    return new Traffic(header.subList(1, header.size()), starts, rates);
  }

  /** Rows per second of every task at a second of the day. */
  double[] at(int second) {
    int i = 0;
    while (i + 1 < starts.size() && starts.get(i + 1) <= second) {
      i++;
    }
    return rates.get(i);
  }
}
