package io.lift.model.committee;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.model.files.CheckpointInvalid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The models of one task that are trained side by side and answer together, and perhaps the
 * pretrained one that reads rows in context: the probability of an answer is the weighted mean of
 * theirs, raised to {@code 1 / temperature} and normalised.
 *
 * @param members in the order of their weights' rows; at least one
 * @param inContext the share of the pretrained model, 0 to 1; the members have the rest. With 1
 *     they have learnt nothing and are not asked
 * @param temperature 1 leaves the mean as it is, more makes it less sure
 */
public record Committee(List<Member> members, double inContext, double temperature) {
  /** How many parts the rows are dealt into. */
  public static final int FOLDS = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  public Committee {
    members = List.copyOf(members);
  }

  /**
   * One model.
   *
   * @param reading how it reads numbers
   * @param fold the part of the rows that it never learns, 0..3; {@link #ALL} to learn them all
   * @param weight its share of the members' answer; all of them add up to 1
   */
  public record Member(Reading reading, int fold, double weight) {
    /** No part of the rows is held out. */
    public static final int ALL = -1;

    /** Whether it may learn a row of a part. */
    public boolean learns(int part) {
      return part != fold;
    }
  }

  /** Models that learn all rows in one reading, equally heard. */
  public static Committee of(int members) {
    List<Member> all = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      all.add(new Member(Reading.SMOOTH, Member.ALL, 1.0 / members));
    }
    return new Committee(all, 0, 1);
  }

  /** Readings in the first {@code folds} parts, equally heard. */
  public static Committee of(List<Reading> readings, int folds) {
    List<Member> all = new ArrayList<>();
    for (Reading reading : readings) {
      for (int fold = 0; fold < folds; fold++) {
        all.add(new Member(reading, fold, 1.0 / (readings.size() * folds)));
      }
    }
    return new Committee(all, 0, 1);
  }

  /** About how many of some rows a member learns that holds out a part of them. */
  public static int learntOf(int rows) {
    return rows - rows / FOLDS;
  }

  public int size() {
    return members.size();
  }

  /** The readings of its members, in order. */
  public List<Reading> readings() {
    return members.stream().map(Member::reading).distinct().sorted().toList();
  }

  /** Whether every member has rows that it never learns. */
  public boolean holdsOut() {
    return members.stream().allMatch(member -> member.fold() != Member.ALL);
  }

  /** The weight of each reading, all its members together. */
  public Map<Reading, Double> weights() {
    return members.stream()
        .collect(
            Collectors.groupingBy(
                Member::reading,
                () -> new EnumMap<>(Reading.class),
                Collectors.summingDouble(Member::weight)));
  }

  /**
   * The same members, heard differently.
   *
   * @param weights of the readings, adding up to 1
   */
  public Committee with(Map<Reading, Double> weights, double newInContext, double newTemperature) {
    Map<Reading, Long> sizes =
        members.stream().collect(Collectors.groupingBy(Member::reading, Collectors.counting()));
    return new Committee(
        members.stream()
            .map(
                m ->
                    new Member(
                        m.reading(), m.fold(), weights.get(m.reading()) / sizes.get(m.reading())))
            .toList(),
        newInContext,
        newTemperature);
  }

  /** The same members, unheard: the pretrained model answers by itself. */
  public Committee readingAlone() {
    return new Committee(members, 1, 1);
  }

  /** Whether the pretrained model answers by itself. */
  public boolean readsAlone() {
    return inContext == 1;
  }

  /**
   * The readings that weigh most, in at most so many members; what is left adds up to 1 again.
   *
   * @param least readings of less weight are left out too, but never all
   */
  public Committee heaviest(int most, double least) {
    Map<Reading, Double> weights = weights();
    List<Reading> order = new ArrayList<>(weights.keySet());
    order.sort(Comparator.comparingDouble((Reading r) -> -weights.get(r)));
    List<Reading> kept = new ArrayList<>();
    int count = 0;
    for (Reading reading : order) {
      int own = (int) members.stream().filter(m -> m.reading() == reading).count();
      if (kept.isEmpty() || count + own <= most && weights.get(reading) >= least) {
        kept.add(reading);
        count += own;
      }
    }
    double sum = kept.stream().mapToDouble(weights::get).sum();
    return new Committee(
        members.stream()
            .filter(m -> kept.contains(m.reading()))
            .map(m -> new Member(m.reading(), m.fold(), m.weight() / sum))
            .toList(),
        inContext,
        temperature);
  }

  /** For people: how many members, how they read, how much each reading counts. */
  public Map<String, Object> choices() {
    Map<String, Object> readings = new LinkedHashMap<>();
    if (!readsAlone()) {
      weights()
          .forEach(
              (reading, weight) ->
                  readings.put(reading.label(), rounded((1 - inContext) * weight)));
    }
    if (inContext > 0) {
      readings.put("in-context", rounded(inContext));
    }
    return Map.of(
        "members",
        readsAlone() ? 0 : size(),
        "folds",
        holdsOut() ? FOLDS : 0,
        "readings",
        readings,
        "temperature",
        rounded(temperature));
  }

  private static double rounded(double value) {
    return Math.rint(1000 * value) / 1000;
  }

  /** One line of JSON. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // a record of plain values
    }
  }

  /**
   * @throws CheckpointInvalid if this is not what {@link #toJson} writes
   */
  public static Committee read(String json) {
    try {
      Committee read = JSON.readValue(json, Committee.class);
      double sum = read.members.stream().mapToDouble(Member::weight).sum();
      boolean folds = read.members.stream().allMatch(m -> m.fold() >= -1 && m.fold() < FOLDS);
      if (!read.members.isEmpty()
          && folds
          && Math.abs(sum - 1) < 1e-6
          && read.inContext >= 0
          && read.inContext <= 1
          && read.temperature > 0
          && Double.isFinite(read.temperature)) {
        return read;
      }
    } catch (JsonProcessingException | RuntimeException e) {
      // said below
    }
    throw new CheckpointInvalid("the checkpoint's list of members cannot be read.");
  }
}
