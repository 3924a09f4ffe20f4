package io.lift.model.ensemble;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.checkpoint.InvalidCheckpointException;
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
public record Ensemble(List<Member> members, double inContext, double temperature) {
  /** How many parts the rows are dealt into. */
  public static final int FOLDS = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  public Ensemble {
    members = List.copyOf(members);
  }

  /**
   * One model.
   *
   * @param reading how it reads numbers
   * @param fold the part of the rows that it never learns, 0..3; {@link #ALL} to learn them all
   * @param weight its share of the members' answer; all of them add up to 1
   */
  public record Member(NumberEncoding reading, int fold, double weight) {
    /** No part of the rows is held out. */
    public static final int ALL = -1;

    /** Whether it may learn a row of a part. */
    public boolean learns(int part) {
      return part != fold;
    }
  }

  /** Models that learn all rows in one reading, equally heard. */
  public static Ensemble of(int members) {
    List<Member> all = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      all.add(new Member(NumberEncoding.SMOOTH, Member.ALL, 1.0 / members));
    }
    return new Ensemble(all, 0, 1);
  }

  /** Readings in the first {@code folds} parts, equally heard. */
  public static Ensemble of(List<NumberEncoding> readings, int folds) {
    List<Member> all = new ArrayList<>();
    for (NumberEncoding reading : readings) {
      for (int fold = 0; fold < folds; fold++) {
        all.add(new Member(reading, fold, 1.0 / (readings.size() * folds)));
      }
    }
    return new Ensemble(all, 0, 1);
  }

  /** About how many of some rows a member learns that holds out a part of them. */
  public static int learntOf(int rows) {
    return rows - rows / FOLDS;
  }

  public int size() {
    return members.size();
  }

  /**
   * The number of the member with the same number encoding and fold as another one.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int indexOf(Member other) {
    for (int m = 0; m < members.size(); m++) {
      Member own = members.get(m);
      if (own.reading() == other.reading() && own.fold() == other.fold()) {
        return m;
      }
    }
    throw new IllegalArgumentException("no member of this ensemble: " + other);
  }

  /** The readings of its members, in order. */
  public List<NumberEncoding> readings() {
    return members.stream().map(Member::reading).distinct().sorted().toList();
  }

  /** Whether every member has rows that it never learns. */
  public boolean holdsOut() {
    return members.stream().allMatch(member -> member.fold() != Member.ALL);
  }

  /** The weight of each reading, all its members together. */
  public Map<NumberEncoding, Double> weights() {
    return members.stream()
        .collect(
            Collectors.groupingBy(
                Member::reading,
                () -> new EnumMap<>(NumberEncoding.class),
                Collectors.summingDouble(Member::weight)));
  }

  /**
   * The same members, heard differently.
   *
   * @param weights of the readings, adding up to 1
   */
  public Ensemble with(
      Map<NumberEncoding, Double> weights, double newInContext, double newTemperature) {
    Map<NumberEncoding, Long> sizes =
        members.stream().collect(Collectors.groupingBy(Member::reading, Collectors.counting()));
    return new Ensemble(
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
  public Ensemble readingAlone() {
    return new Ensemble(members, 1, 1);
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
  public Ensemble heaviest(int most, double least) {
    Map<NumberEncoding, Double> weights = weights();
    List<NumberEncoding> order = new ArrayList<>(weights.keySet());
    order.sort(Comparator.comparingDouble((NumberEncoding r) -> -weights.get(r)));
    List<NumberEncoding> kept = new ArrayList<>();
    int count = 0;
    for (NumberEncoding reading : order) {
      int own = (int) members.stream().filter(m -> m.reading() == reading).count();
      if (kept.isEmpty() || count + own <= most && weights.get(reading) >= least) {
        kept.add(reading);
        count += own;
      }
    }
    double sum = kept.stream().mapToDouble(weights::get).sum();
    return new Ensemble(
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
   * @throws InvalidCheckpointException if this is not what {@link #toJson} writes
   */
  public static Ensemble read(String json) {
    try {
      Ensemble read = JSON.readValue(json, Ensemble.class);
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
    throw new InvalidCheckpointException("the checkpoint's list of members cannot be read.");
  }
}
