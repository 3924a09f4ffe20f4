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
 * The models of one task that are trained side by side and answer together, perhaps with the
 * in-context model beside them. The probability of an answer is the weighted mean of theirs, raised
 * to {@code 1 / temperature} and normalised.
 *
 * @param members in the order of their parameters' rows; at least one
 * @param inContext the weight of the in-context model, 0 to 1; the members share the rest. With 1
 *     they were not trained and do not answer
 * @param temperature 1 leaves the mean as it is, more makes it less confident
 */
public record Ensemble(List<Member> members, double inContext, double temperature) {
  /** The number of folds that rows are divided into. */
  public static final int FOLDS = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  public Ensemble {
    members = List.copyOf(members);
  }

  /**
   * One model.
   *
   * @param encoding how it reads numbers
   * @param fold the fold that it never trains on, 0..3; {@link #ALL} to train on all rows
   * @param weight its share of the members' answer; all of them add up to 1
   */
  public record Member(NumberEncoding encoding, int fold, double weight) {
    /** No fold is held out. */
    public static final int ALL = -1;

    /** Whether it may train on the rows of a fold. */
    public boolean trainsOn(int otherFold) {
      return otherFold != fold;
    }
  }

  /** Members that train on all rows with one number encoding, equally weighted. */
  public static Ensemble of(int members) {
    List<Member> all = new ArrayList<>();
    for (int m = 0; m < members; m++) {
      all.add(new Member(NumberEncoding.SMOOTH, Member.ALL, 1.0 / members));
    }
    return new Ensemble(all, 0, 1);
  }

  /** Number encodings with the first {@code folds} folds held out, equally weighted. */
  public static Ensemble of(List<NumberEncoding> encodings, int folds) {
    List<Member> all = new ArrayList<>();
    for (NumberEncoding encoding : encodings) {
      for (int fold = 0; fold < folds; fold++) {
        all.add(new Member(encoding, fold, 1.0 / (encodings.size() * folds)));
      }
    }
    return new Ensemble(all, 0, 1);
  }

  /** About how many of some rows a member trains on that holds out a fold. */
  public static int trainedRows(int rows) {
    return rows - rows / FOLDS;
  }

  public int size() {
    return members.size();
  }

  /**
   * The index of the member with the same number encoding and fold as another one.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int indexOf(Member other) {
    for (int m = 0; m < members.size(); m++) {
      Member own = members.get(m);
      if (own.encoding() == other.encoding() && own.fold() == other.fold()) {
        return m;
      }
    }
    throw new IllegalArgumentException("no member of this ensemble: " + other);
  }

  /** The number encodings of its members, in order. */
  public List<NumberEncoding> encodings() {
    return members.stream().map(Member::encoding).distinct().sorted().toList();
  }

  /** Whether every member has rows that it never trains on. */
  public boolean holdsOut() {
    return members.stream().allMatch(member -> member.fold() != Member.ALL);
  }

  /** The weight of each number encoding, all its members together. */
  public Map<NumberEncoding, Double> weights() {
    return members.stream()
        .collect(
            Collectors.groupingBy(
                Member::encoding,
                () -> new EnumMap<>(NumberEncoding.class),
                Collectors.summingDouble(Member::weight)));
  }

  /**
   * The same members with other weights.
   *
   * @param weights of the number encodings, adding up to 1
   */
  public Ensemble reweighted(
      Map<NumberEncoding, Double> weights, double newInContext, double newTemperature) {
    Map<NumberEncoding, Long> sizes =
        members.stream().collect(Collectors.groupingBy(Member::encoding, Collectors.counting()));
    return new Ensemble(
        members.stream()
            .map(
                m ->
                    new Member(
                        m.encoding(),
                        m.fold(),
                        weights.get(m.encoding()) / sizes.get(m.encoding())))
            .toList(),
        newInContext,
        newTemperature);
  }

  /** The same members without weight: the in-context model answers alone. */
  public Ensemble withInContextModelOnly() {
    return new Ensemble(members, 1, 1);
  }

  /** Whether the in-context model answers alone. */
  public boolean usesInContextModelOnly() {
    return inContext == 1;
  }

  /**
   * The number encodings of the largest weight, with the weights of the rest divided among them.
   *
   * @param most members that remain at most
   * @param least number encodings of less weight are left out, but never all
   */
  public Ensemble heaviest(int most, double least) {
    Map<NumberEncoding, Double> weights = weights();
    List<NumberEncoding> order = new ArrayList<>(weights.keySet());
    order.sort(Comparator.comparingDouble((NumberEncoding r) -> -weights.get(r)));
    List<NumberEncoding> kept = new ArrayList<>();
    int count = 0;
    for (NumberEncoding encoding : order) {
      int own = (int) members.stream().filter(m -> m.encoding() == encoding).count();
      if (kept.isEmpty() || count + own <= most && weights.get(encoding) >= least) {
        kept.add(encoding);
        count += own;
      }
    }
    double sum = kept.stream().mapToDouble(weights::get).sum();
    return new Ensemble(
        members.stream()
            .filter(m -> kept.contains(m.encoding()))
            .map(m -> new Member(m.encoding(), m.fold(), m.weight() / sum))
            .toList(),
        inContext,
        temperature);
  }

  /**
   * What manifests show: the number of members, the folds, the weights of the number encodings and
   * of the in-context model, and the temperature.
   */
  public Map<String, Object> choices() {
    Map<String, Object> weights = new LinkedHashMap<>();
    if (!usesInContextModelOnly()) {
      weights()
          .forEach(
              (encoding, weight) ->
                  weights.put(encoding.label(), rounded((1 - inContext) * weight)));
    }
    if (inContext > 0) {
      weights.put("in-context", rounded(inContext));
    }
    return Map.of(
        "members",
        usesInContextModelOnly() ? 0 : size(),
        "folds",
        holdsOut() ? FOLDS : 0,
        "weights",
        weights,
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
