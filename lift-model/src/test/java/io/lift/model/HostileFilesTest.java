package io.lift.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.lift.checkpoint.InvalidModelException;
import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.TensorFile;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.checkpoint.published.PublishedTensors;
import io.lift.model.random.SeededRandom;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model folders that somebody spoilt, by accident or not. */
class HostileFilesTest {
  private static final int MUTATIONS = 10_000;
  private static final long BOUND = 2 << 20; // the files of a folder have 36 to 51 KB
  private static final String SINGLE = "llama2";
  private static final String SHARDED = "llama3";
  private static final String SHARD = "model-00002-of-00003.safetensors";

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void copy() throws Exception {
    folder = copyOf(SHARDED);
  }

  private Path copyOf(String family) throws IOException, URISyntaxException {
    Path from = Path.of(BaseModel.class.getResource("families/" + family).toURI());
    Path to = Files.createDirectories(temporary.resolve(family));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> !f.endsWith("expected.safetensors")).toList()) {
        Files.copy(file, to.resolve(file.getFileName().toString()));
      }
    }
    return to;
  }

  @Test
  void aMissingShardIsNamed() throws Exception {
    Files.delete(folder.resolve(SHARD));
    refused(SHARD + " cannot be read: it does not exist");
  }

  @Test
  void theIndexLeadsNowhereElse() throws Exception {
    Path index = folder.resolve(ModelFolder.INDEX);
    String text = Files.readString(index);
    for (String way :
        List.of("../" + SHARD, "/etc/passwd", "sub/" + SHARD, "..", "pytorch_model.bin", "")) {
      Files.writeString(index, text.replace(SHARD, way));
      refused("in " + way + ", which is not a .safetensors file of its folder");
    }
  }

  @Test
  void aTensorOfAnotherShapeIsRefused() throws Exception {
    edit(ModelFolder.CONFIG, "\"intermediate_size\": 40", "\"intermediate_size\": 48");
    refused("lacks tensor model.layers.0.mlp.gate_proj.weight of shape [48, 36], it has shape");
  }

  @Test
  void aTensorOfAnotherTypeIsRefused() throws Exception {
    Path shard = folder.resolve(SHARD);
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, replace(bytes, "\"BF16\",\"shape\":[36,40]", "\"I16\",\"shape\":[36,40] "));
    refused("has dtype I16; F32, F16 and BF16 are supported");
  }

  @Test
  void aTensorThatTheConfigurationDoesNotKnowIsRefused() throws Exception {
    edit(ModelFolder.CONFIG, "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
    refused("holds tensor model.layers.1.", "which config.json does not describe");
  }

  @Test
  void weightsThatAreNotNumbersAreRefused() throws Exception {
    Path shard = folder.resolve(SHARD);
    byte[] bytes = Files.readAllBytes(shard);
    bytes[bytes.length - 1] = 0x7f;
    bytes[bytes.length - 2] = (byte) 0xc0;
    Files.write(shard, bytes);
    refused(SHARD + ": tensor", "holds numbers that are not finite");
  }

  @Test
  void aTokenizerOfAnotherVocabularyIsRefused() throws Exception {
    edit(ModelFolder.TOKENIZER, "\"-\": 44", "\"-\": 45");
    refused("tokenizer.json has 46 tokens, but the weights were made for 45");
  }

  @Test
  void aGiantHeaderIsRefusedBeforeItIsRead() throws Exception {
    Path shard = folder.resolve(SHARD);
    byte[] bytes = Files.readAllBytes(shard);
    for (long length : new long[] {99_999_999L, 1L << 40, -1}) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
      Files.write(shard, bytes);
      long before = allocated();
      assertThatThrownBy(() -> TensorFile.open(shard))
          .isInstanceOf(InvalidModelException.class)
          .hasMessageContaining("header");
      assertThat(allocated() - before).isLessThan(1 << 20);
    }
  }

  /**
   * Every mutated folder is refused in one sentence that names a file and the cause, or read; and
   * no reading takes much more memory than there is in the files.
   */
  @Test
  void tenThousandMutatedFilesDoNoHarm() throws Exception {
    Path single = copyOf(SINGLE);
    int refused = spoil(single, ModelFolder.WEIGHTS);
    refused += spoil(single, ModelFolder.CONFIG);
    refused += spoil(folder, SHARD);
    refused += spoil(folder, ModelFolder.INDEX);
    assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS * 19 / 20);
  }

  /** A quarter of the mutations, all of one file. */
  private static int spoil(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Map<String, float[]> content = read(folder);
    boolean weights = name.endsWith(".safetensors");
    int refused = 0;
    for (int i = 0; i < MUTATIONS / 4; i++) {
      String which = "mutation %d of %s".formatted(i, name);
      Mutations.Mutation mutation = Mutations.of(whole, weights, new SeededRandom(3, i));
      Files.write(file, mutation.bytes());
      long before = allocated();
      try {
        Map<String, float[]> read = read(folder);
        assertThat(mutation.expected()).as(which).isNotEqualTo(Mutations.Expected.REFUSED);
        boolean same = !weights || mutation.expected() == Mutations.Expected.HARMLESS;
        assertThat(alike(read, content, same)).as(which).isTrue();
      } catch (InvalidModelException e) {
        refused++;
        assertThat(mutation.expected()).as(which).isNotEqualTo(Mutations.Expected.HARMLESS);
        assertThat(e.getMessage())
            .as(which)
            .matches("\\P{Cntrl}*\\.(json|safetensors)\\P{Cntrl}*\\.")
            .hasSizeLessThan(500);
      }
      assertThat(allocated() - before).as(which).isLessThan(BOUND);
    }
    Files.write(file, whole);
    return refused;
  }

  /** Whether two contents have the same tensors, of the same lengths or even the same numbers. */
  private static boolean alike(Map<String, float[]> a, Map<String, float[]> b, boolean same) {
    return a.keySet().equals(b.keySet())
        && a.keySet().stream()
            .allMatch(
                name ->
                    same
                        ? Arrays.equals(a.get(name), b.get(name))
                        : a.get(name).length == b.get(name).length);
  }

  /** What a service would read before anything goes to the engine. */
  private static Map<String, float[]> read(Path folder) {
    try (ModelFolder opened = ModelFolder.open(folder)) {
      DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, opened.config());
      Map<String, float[]> content = new LinkedHashMap<>();
      PublishedTensors.find(config, opened)
          .forEach((name, tensor) -> content.put(name, tensor.floats()));
      return content;
    }
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private void refused(String... parts) {
    assertThatThrownBy(() -> BaseModel.open(folder.toString(), "cpu").close())
        .isInstanceOf(InvalidModelException.class)
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith(".");
  }

  private void edit(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    Files.write(path, replace(Files.readAllBytes(path), from, to));
  }

  private static byte[] replace(byte[] bytes, String from, String to) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(text).contains(from);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
