package io.lift.model.training;

import io.lift.checkpoint.CheckpointNames;
import io.lift.checkpoint.InvalidCheckpointException;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.PeftConfig;
import io.lift.checkpoint.PeftFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.model.decoder.FlatLayout;
import io.lift.model.decoder.ParameterLayout.Entry;
import io.lift.model.ensemble.Ensemble;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a fine-tuning needs to go on and a scorer to serve. As a file it is safetensors. Where all
 * weights are trained it has each member's under the published names with {@code member.K.} before
 * them; of an adapter it has the matrices under PEFT's names, and PEFT's configuration among the
 * metadata. Then come the optimizer's two flat vectors per member, unless it is at rest.
 *
 * @param layout of a member's trained numbers
 * @param committee the M members, and how they are heard
 * @param parameters (M, P)
 * @param mean AdamW's running mean, (M, P); null where the optimizer is at rest
 * @param square AdamW's running mean square, (M, P); null as well
 * @param step optimizer steps since the base model
 * @param rounds where among the rounds it was made
 * @param seed of every random choice; with the step it is the random state
 * @param recipe the training recipe, as text for the reader
 * @param base the base model's hash
 * @param language the task language's hash
 * @param shown what the pretrained model reads in context; null if it is not heard
 * @param context labelled rows that prompts are read after, as {@link
 *     io.lift.model.method.ContextRows} writes them; null for none
 */
public record Checkpoint(
    FlatLayout layout,
    Ensemble committee,
    float[] parameters,
    float[] mean,
    float[] square,
    long step,
    Rounds rounds,
    long seed,
    String recipe,
    String base,
    String language,
    Shown shown,
    String context) {

  /**
   * Where among the rounds a checkpoint was made.
   *
   * @param done completed rounds
   * @param step steps done of the round that was running; 0 between rounds
   * @param rows hash of the rows of the round that was running; empty between rounds
   */
  public record Rounds(long done, int step, String rows) {
    /** Before the first. */
    public static final Rounds NONE = new Rounds(0, 0, "");
  }

  /**
   * Labelled rows that the pretrained model reads in context.
   *
   * @param rows as {@link io.lift.model.incontext.SupportSet} has them
   * @param reader the hash of the model that reads them
   */
  public record Shown(int[][] rows, String reader) {}

  /** The layouts that a base model can have checkpoints of. */
  public interface Layouts {
    /**
     * All weights of a member.
     *
     * @throws InvalidCheckpointException if this base is trained by adapters only
     */
    FlatLayout whole();

    /**
     * An adapter.
     *
     * @param tensors names of its matrices
     * @throws InvalidModelException if it does not fit
     */
    AdapterLayout adapter(PeftConfig config, Iterable<String> tensors);
  }

  /** A fine-tuning that has not begun: no steps, an optimizer at rest. */
  public static Checkpoint zero(
      FlatLayout layout,
      Ensemble committee,
      float[] parameters,
      long seed,
      String base,
      String language) {
    return new Checkpoint(
        layout,
        committee,
        parameters,
        null,
        null,
        0,
        Rounds.NONE,
        seed,
        "",
        base,
        language,
        null,
        null);
  }

  /** Steps since the optimizer was at rest: adapters keep it over all rounds, whole models not. */
  public long optimizerSteps() {
    if (mean == null) {
      return 0;
    }
    return layout instanceof AdapterLayout ? step : rounds.step();
  }

  /** The same with other rows that are read in context, by the pretrained model or by all. */
  public Checkpoint with(Shown newShown, String newContext) {
    return new Checkpoint(
        layout,
        committee,
        parameters,
        mean,
        square,
        step,
        rounds,
        seed,
        recipe,
        base,
        language,
        newShown,
        newContext);
  }

  /** M. */
  public int members() {
    return committee.size();
  }

  /**
   * Some of its members alone.
   *
   * @param fewer members of this one's committee, perhaps heard differently
   */
  public Checkpoint only(Ensemble fewer) {
    int size = layout.size();
    int count = fewer.size();
    float[][] from = {parameters, mean, square};
    float[][] to = new float[from.length][];
    for (int v = 0; v < from.length; v++) {
      to[v] = from[v] == null ? null : new float[count * size];
      for (int k = 0; k < count && from[v] != null; k++) {
        System.arraycopy(from[v], index(fewer.members().get(k)) * size, to[v], k * size, size);
      }
    }
    return new Checkpoint(
        layout, fewer, to[0], to[1], to[2], step, rounds, seed, recipe, base, language, shown,
        context);
  }

  private int index(Ensemble.Member member) {
    for (int m = 0; m < members(); m++) {
      Ensemble.Member own = committee.members().get(m);
      if (own.reading() == member.reading() && own.fold() == member.fold()) {
        return m;
      }
    }
    throw new IllegalArgumentException("no member of this checkpoint: " + member);
  }

  /** The file. */
  public byte[] toBytes() {
    Map<String, String> about = new TreeMap<>();
    about.put(CheckpointNames.FORMAT, CheckpointNames.VERSION);
    about.put(CheckpointNames.MEMBERS, Integer.toString(members()));
    about.put(CheckpointNames.COMMITTEE, committee.toJson());
    about.put("step", Long.toString(step));
    about.put("rounds", Long.toString(rounds.done()));
    if (rounds.step() > 0) {
      about.put("round.step", Integer.toString(rounds.step()));
      about.put("round.rows", rounds.rows());
    }
    about.put("seed", Long.toString(seed));
    about.put("recipe", recipe);
    about.put(CheckpointNames.BASE, base);
    about.put("language", language);
    if (shown != null) {
      about.put(CheckpointNames.READER, shown.reader());
    }
    if (context != null) {
      about.put(CheckpointNames.CONTEXT, context);
    }
    if (layout instanceof AdapterLayout adapter) {
      about.put(CheckpointNames.ADAPTER, adapter.config().toJson());
    }
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    for (int m = 0; m < members(); m++) {
      for (Entry e : layout.entries()) {
        int from = m * layout.size() + e.offset();
        float[] data = Arrays.copyOfRange(parameters, from, from + e.length());
        tensors.put(name(layout, members(), m, e), new Safetensors.Tensor(e.shape(), data));
      }
    }
    for (int m = 0; m < members() && mean != null; m++) {
      tensors.put(CheckpointNames.OPTIMIZER + m + ".mean", vector(mean, m));
      tensors.put(CheckpointNames.OPTIMIZER + m + ".square", vector(square, m));
    }
    if (shown != null) {
      tensors.put(CheckpointNames.SHOWN, table(shown.rows()));
    }
    return new Safetensors(about, tensors).toBytes();
  }

  private static Safetensors.Tensor table(int[][] rows) {
    int width = rows[0].length;
    float[] data = new float[rows.length * width];
    for (int i = 0; i < data.length; i++) {
      data[i] = rows[i / width][i % width];
    }
    return new Safetensors.Tensor(new long[] {rows.length, width}, data);
  }

  private static Shown shown(Safetensors file) {
    Safetensors.Tensor rows = file.tensors().get(CheckpointNames.SHOWN);
    return rows == null
        ? null
        : new Shown(
            table(rows),
            file.metadata().getOrDefault(CheckpointNames.READER, "one without a name"));
  }

  private static int[][] table(Safetensors.Tensor tensor) {
    if (tensor.shape().length != 2 || tensor.data().length == 0) {
      throw new InvalidCheckpointException("the checkpoint's rows in context are no table.");
    }
    int width = (int) tensor.shape()[1];
    int[][] rows = new int[(int) tensor.shape()[0]][width];
    for (int i = 0; i < tensor.data().length; i++) {
      rows[i / width][i % width] = (int) tensor.data()[i];
    }
    return rows;
  }

  private static String name(FlatLayout layout, int members, int member, Entry entry) {
    return layout instanceof AdapterLayout && members == 1
        ? entry.name()
        : CheckpointNames.member(member) + entry.name();
  }

  /**
   * Reads a file.
   *
   * @throws InvalidCheckpointException if it is damaged or made for another base or language
   */
  public static Checkpoint read(Layouts layouts, String base, String language, byte[] file) {
    Safetensors read;
    try {
      read = Safetensors.read("the checkpoint", file);
    } catch (Safetensors.Invalid e) {
      throw new InvalidCheckpointException(e.getMessage());
    }
    Map<String, String> about = read.metadata();
    expect(CheckpointNames.FORMAT, CheckpointNames.VERSION, about.get(CheckpointNames.FORMAT));
    expect("base", base, about.get(CheckpointNames.BASE));
    expect("language", language, about.get("language"));
    Ensemble committee = Ensemble.read(about.getOrDefault(CheckpointNames.COMMITTEE, ""));
    int members = committee.size();
    boolean atRest = !read.tensors().containsKey(CheckpointNames.OPTIMIZER + "0.mean");

    FlatLayout layout = layout(layouts, read);
    int size = layout.size();
    float[] parameters = new float[Math.multiplyExact(members, size)];
    float[] mean = atRest ? null : new float[parameters.length];
    float[] square = atRest ? null : new float[parameters.length];
    for (int m = 0; m < members; m++) {
      for (Entry e : layout.entries()) {
        copy(read, name(layout, members, m, e), e.shape(), parameters, m * size + e.offset());
      }
      if (!atRest) {
        copy(read, CheckpointNames.OPTIMIZER + m + ".mean", new long[] {size}, mean, m * size);
        copy(read, CheckpointNames.OPTIMIZER + m + ".square", new long[] {size}, square, m * size);
      }
    }
    boolean within = about.containsKey("round.step");
    return new Checkpoint(
        layout,
        committee,
        parameters,
        mean,
        square,
        number(about, "step", 0, Long.MAX_VALUE),
        new Rounds(
            number(about, "rounds", 0, Long.MAX_VALUE),
            within ? (int) number(about, "round.step", 1, Integer.MAX_VALUE) : 0,
            within ? about.getOrDefault("round.rows", "") : ""),
        number(about, "seed", Long.MIN_VALUE, Long.MAX_VALUE),
        about.getOrDefault("recipe", ""),
        base,
        language,
        shown(read),
        about.get(CheckpointNames.CONTEXT));
  }

  private static FlatLayout layout(Layouts layouts, Safetensors read) {
    String adapter = read.metadata().get(CheckpointNames.ADAPTER);
    if (adapter == null) {
      return layouts.whole();
    }
    String first = CheckpointNames.member(0); // the others' are of the same shapes
    try {
      return layouts.adapter(
          PeftConfig.read(
              "the checkpoint's " + CheckpointNames.ADAPTER,
              adapter.getBytes(StandardCharsets.UTF_8)),
          read.tensors().keySet().stream()
                  .filter(name -> !name.startsWith(CheckpointNames.OPTIMIZER))
                  .map(name -> name.startsWith(first) ? name.substring(first.length()) : name)
                  .filter(name -> !name.startsWith(CheckpointNames.MEMBER))
              ::iterator);
    } catch (InvalidModelException e) {
      throw new InvalidCheckpointException(e.getMessage());
    }
  }

  /**
   * The adapter of a PEFT folder as a fine-tuning that has not begun.
   *
   * @param members how many start from it
   * @throws InvalidModelException if it does not fit the base
   */
  public static Checkpoint of(
      Layouts layouts, PeftFolder folder, int members, long seed, String base, String language) {
    AdapterLayout layout = layouts.adapter(folder.config(), folder.tensors().keySet());
    float[] parameters = new float[Math.multiplyExact(members, layout.size())];
    Safetensors file = new Safetensors(Map.of(), folder.tensors());
    try {
      for (int m = 0; m < members; m++) {
        for (Entry e : layout.entries()) {
          copy(file, e.name(), e.shape(), parameters, m * layout.size() + e.offset());
        }
      }
    } catch (InvalidCheckpointException e) {
      throw new InvalidModelException(
          "The adapter folder does not fit the base model: " + e.getMessage());
    }
    return zero(layout, Ensemble.of(members), parameters, seed, base, language);
  }

  private Safetensors.Tensor vector(float[] state, int member) {
    int size = layout.size();
    return new Safetensors.Tensor(
        new long[] {size}, Arrays.copyOfRange(state, member * size, (member + 1) * size));
  }

  /**
   * @param reader hash of the pretrained model that could be heard
   * @throws InvalidCheckpointException if it is not the one that this hears
   */
  public void mustHear(String reader) {
    if (shown != null) {
      expect("model that reads rows in context", reader, shown.reader());
    }
  }

  private static void expect(String what, String wanted, String found) {
    if (!wanted.equals(found)) {
      throw new InvalidCheckpointException(
          "the checkpoint was made for another " + what + ": " + found + ", not " + wanted + ".");
    }
  }

  private static long number(Map<String, String> about, String name, long min, long max) {
    try {
      long value = Long.parseLong(about.getOrDefault(name, ""));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidCheckpointException(
        "the checkpoint has no valid " + name + " in its metadata.");
  }

  private static void copy(Safetensors from, String name, long[] shape, float[] to, int offset) {
    Safetensors.Tensor tensor = from.tensors().get(name);
    if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
      throw new InvalidCheckpointException(
          "the checkpoint lacks tensor " + name + " of shape " + Arrays.toString(shape) + ".");
    }
    System.arraycopy(tensor.data(), 0, to, offset, tensor.data().length);
  }
}
