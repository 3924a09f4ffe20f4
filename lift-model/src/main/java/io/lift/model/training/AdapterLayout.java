package io.lift.model.training;

import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.PeftFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.PublishedLinear;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.random.RandomStream;
import io.lift.model.random.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The layout of a LoRA adapter's matrices in one flat vector: layer after layer, the head last,
 * each matrix as PEFT stores it.
 *
 * @param config rank, scale and layers, as PEFT writes them
 * @param pairs the adapted layers
 * @param entries the matrices under PEFT's names
 * @param size length of the vector, P
 */
public record AdapterLayout(PeftConfig config, List<Pair> pairs, List<Entry> entries, int size)
    implements FlatLayout {

  /**
   * One adapted layer.
   *
   * @param linear the layer
   * @param a offset of A, (r, in)
   * @param b offset of B, (out, r)
   * @param end offset after B
   */
  record Pair(PublishedLinear linear, int a, int b, int end) {}

  /**
   * The layout of a new adapter.
   *
   * @param linears all linear layers of the base, in the order of the decoder
   * @param fanInFanOut whether the base stores them as (in, out)
   * @param base name of the base, for the reader of a PEFT folder
   * @throws InvalidModelException if a module is named that the base does not have
   */
  public static AdapterLayout of(
      List<PublishedLinear> linears, LoraSettings lora, boolean fanInFanOut, String base) {
    for (String module : lora.modules()) {
      if (linears.stream().noneMatch(linear -> chosen(linear, module))) {
        throw new InvalidModelException(
            "The base model has no linear layer called "
                + module
                + "; it has "
                + String.join(
                    ", ", linears.stream().map(PublishedLinear::shortName).distinct().toList())
                + ".");
      }
    }
    Predicate<PublishedLinear> wanted =
        linear -> lora.modules().stream().anyMatch(module -> chosen(linear, module));
    List<PublishedLinear> adapted = linears.stream().filter(wanted).toList();
    return of(
        adapted,
        new PeftConfig(
            lora.rank(),
            lora.alpha(),
            lora.dropout(),
            targets(adapted, linears),
            fanInFanOut,
            base));
  }

  private static boolean chosen(PublishedLinear linear, String module) {
    return module.equals(LoraSettings.ALL_LINEAR)
        ? linear.layer() != PublishedLinear.NO_LAYER
        : linear.isCalled(module);
  }

  /** Short names where they match the adapted layers and no others, else full paths. */
  private static List<String> targets(List<PublishedLinear> adapted, List<PublishedLinear> all) {
    List<String> names = adapted.stream().map(PublishedLinear::shortName).distinct().toList();
    long matched = all.stream().filter(l -> names.stream().anyMatch(l::isCalled)).count();
    return matched == adapted.size()
        ? names.stream().sorted().toList()
        : adapted.stream().map(PublishedLinear::path).toList();
  }

  /**
   * The layout of an adapter that exists: the layers are those whose matrices it has.
   *
   * @param tensors names of its matrices
   * @throws InvalidModelException if it has a tensor that belongs to no linear layer of this base
   */
  public static AdapterLayout of(
      List<PublishedLinear> linears, PeftConfig config, Iterable<String> tensors) {
    Map<String, PublishedLinear> byName = new LinkedHashMap<>();
    for (PublishedLinear linear : linears) {
      byName.put(name(linear, 'A'), linear);
      byName.put(name(linear, 'B'), linear);
    }
    List<PublishedLinear> found = new ArrayList<>();
    for (String tensor : tensors) {
      PublishedLinear linear = byName.get(tensor);
      if (linear == null) {
        throw new InvalidModelException(
            "The adapter's tensor " + tensor + " fits no linear layer of the base model.");
      }
      found.add(linear);
    }
    return of(linears.stream().filter(found::contains).toList(), config);
  }

  private static AdapterLayout of(List<PublishedLinear> adapted, PeftConfig config) {
    if (adapted.isEmpty()) {
      throw new InvalidModelException("An adapter needs at least one linear layer.");
    }
    int r = config.rank();
    List<Pair> pairs = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    int size = 0;
    for (PublishedLinear linear : adapted) {
      int b = Math.addExact(size, Math.multiplyExact(r, linear.in()));
      int end = Math.addExact(b, Math.multiplyExact(r, linear.out()));
      pairs.add(new Pair(linear, size, b, end));
      entries.add(new Entry(name(linear, 'A'), new long[] {r, linear.in()}, size));
      entries.add(new Entry(name(linear, 'B'), new long[] {linear.out(), r}, b));
      size = end;
    }
    return new AdapterLayout(config, List.copyOf(pairs), List.copyOf(entries), size);
  }

  private static String name(PublishedLinear linear, char matrix) {
    return PeftFolder.PREFIX + linear.path() + ".lora_" + matrix + ".weight";
  }

  /**
   * Matrices that change nothing yet: A is uniform in ±1/sqrt(in), as PEFT draws it (Kaiming's
   * bound for a slope of sqrt(5)), and B is zero.
   */
  public float[] initial(long seed) {
    float[] flat = new float[size];
    for (int p = 0; p < pairs.size(); p++) {
      SeededRandom random = new SeededRandom(seed, RandomStream.ADAPTER, p);
      double bound = 1 / Math.sqrt(pairs.get(p).linear().in());
      for (int i = pairs.get(p).a(); i < pairs.get(p).b(); i++) {
        flat[i] = (float) (bound * (2 * random.uniform() - 1));
      }
    }
    return flat;
  }

  /**
   * The matrices of an adapter that exists, as one vector.
   *
   * @param tensors its matrices under PEFT's names
   * @throws InvalidModelException if one is missing or has another shape
   */
  public float[] flat(Map<String, Safetensors.Tensor> tensors) {
    float[] flat = new float[size];
    for (Entry e : entries) {
      Safetensors.Tensor tensor = tensors.get(e.name());
      if (tensor == null || !Arrays.equals(tensor.shape(), e.shape())) {
        throw new InvalidModelException(
            "The adapter folder does not fit the base model: it lacks tensor %s of shape %s."
                .formatted(e.name(), Arrays.toString(e.shape())));
      }
      System.arraycopy(tensor.data(), 0, flat, e.offset(), e.length());
    }
    return flat;
  }

  /** Where the decoder's layers begin in the vector, but for the first, which begins at 0. */
  long[] cuts() {
    List<Long> cuts = new ArrayList<>();
    for (int p = 1; p < pairs.size(); p++) {
      if (pairs.get(p).linear().layer() != pairs.get(p - 1).linear().layer()) {
        cuts.add((long) pairs.get(p).a());
      }
    }
    return cuts.stream().mapToLong(Long::longValue).toArray();
  }

  /** The lowest layer with an adapter; the number of layers if only the head has one. */
  int lowest(int layers) {
    int first = pairs.get(0).linear().layer();
    return first == PublishedLinear.NO_LAYER ? layers : first;
  }
}
