package io.lift.model.scoring;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.core.prompt.Prompt;
import io.lift.core.prompt.TaskLanguage;
import io.lift.core.row.Row;
import io.lift.core.task.Column;
import io.lift.core.task.ColumnType;
import io.lift.model.decoder.Adapter;
import io.lift.model.decoder.KeyValueCache;
import io.lift.model.text.TaskEncoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * What all rows of one adapter of one task have in common: the adapter, the task's answers as a
 * trie, and the tokens that all its prompts begin with. The keys and values of these tokens are
 * computed once. Everything else is immutable.
 */
public final class AdapterContext implements AutoCloseable {
  /** A cache of fewer tokens costs more than it saves. */
  private static final int MIN_PREFIX = 3;

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final int number = NUMBERS.incrementAndGet();
  private final TaskEncoder encoder;
  private final Adapter adapter;
  private final AnswerTrie trie;
  private final int[] prefix;
  private final NDManager manager;
  private KeyValueCache cache;

  /**
   * @param adapter null for the weights alone; its arrays stay the caller's
   * @param manager owns the cached keys and values
   * @throws InvalidModelException if two labels of the task are the same tokens
   */
  public AdapterContext(
      TaskLanguage language, TaskEncoder encoder, Adapter adapter, NDManager manager) {
    this(language, encoder, adapter, manager, UnaryOperator.identity());
  }

  /**
   * @param adapter null for the weights alone; its arrays stay the caller's
   * @param manager owns the cached keys and values
   * @param withContext puts rows in context before a prompt
   * @throws InvalidModelException if two labels of the task are the same tokens
   */
  public AdapterContext(
      TaskLanguage language,
      TaskEncoder encoder,
      Adapter adapter,
      NDManager manager,
      UnaryOperator<Prompt> withContext) {
    this.encoder = encoder;
    this.adapter = adapter;
    this.manager = manager;
    this.prefix = prefix(language, encoder, withContext);
    List<String> candidates = language.candidates();
    try {
      this.trie = AnswerTrie.of(candidates.stream().map(encoder::answer).toList(), encoder.end());
    } catch (IllegalArgumentException e) {
      throw new InvalidModelException(
          "This model cannot tell all labels of task %s apart: %s."
              .formatted(language.task().name(), e.getMessage()));
    }
  }

  /** The tokens of a prompt. */
  public int[] tokens(Prompt prompt) {
    return encoder.prompt(prompt);
  }

  public AnswerTrie trie() {
    return trie;
  }

  public TaskEncoder encoder() {
    return encoder;
  }

  /** A number of its own in this process. */
  int number() {
    return number;
  }

  Adapter adapter() {
    return adapter;
  }

  /** The tokens that prompts begin with; empty if they have too few in common. */
  int[] prefix() {
    return prefix;
  }

  /** Whether a prompt is longer than {@link #prefix} and begins with it. */
  boolean hasPrefix(int[] prompt) {
    return prefix.length > 0
        && prompt.length > prefix.length
        && Arrays.equals(prefix, 0, prefix.length, prompt, 0, prefix.length);
  }

  /** The keys and values of the prefix, computed by the first call. */
  synchronized KeyValueCache cache(PrefixReader reader) {
    if (cache == null) {
      cache = new KeyValueCache(List.of(reader.read(prefix, adapter, manager)));
    }
    return cache;
  }

  /** Memory of the cached keys and values. */
  public long bytes(DecoderConfig config, DataType type) {
    long heads = (long) config.layers() * config.keyValueHeads();
    return 2 * heads * config.headSize() * prefix.length * type.getNumOfBytes();
  }

  /** Computes the keys and values of a prefix. */
  interface PrefixReader {
    /**
     * @param owner of the keys and values
     */
    KeyValueCache.Part read(int[] tokens, Adapter adapter, NDManager owner);
  }

  @Override
  public void close() {
    manager.close();
  }

  /** The common beginning of the prompts of rows with no, usual and unusual values. */
  private static int[] prefix(
      TaskLanguage language, TaskEncoder encoder, UnaryOperator<Prompt> withContext) {
    int[] prefix = encoder.prompt(withContext.apply(language.prompt(new Row(Map.of(), null))));
    for (boolean usual : new boolean[] {true, false}) {
      Map<String, Object> values = new HashMap<>();
      for (Column column : language.task().features()) {
        values.put(column.name(), value(column, usual));
      }
      int[] other = encoder.prompt(withContext.apply(language.prompt(new Row(values, null))));
      int same = Arrays.mismatch(prefix, other);
      prefix = same < 0 ? prefix : Arrays.copyOf(prefix, same);
    }
    return prefix.length < MIN_PREFIX ? new int[0] : prefix;
  }

  private static Object value(Column column, boolean usual) {
    if (column.type() == ColumnType.NUMBER) {
      return usual ? column.numbers().mean() : column.numbers().min() - 1;
    }
    List<String> words = column.categories();
    return words.isEmpty() ? (usual ? "a" : "0") : words.get(usual ? 0 : words.size() - 1);
  }
}
