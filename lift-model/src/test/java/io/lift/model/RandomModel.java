package io.lift.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lift.checkpoint.ModelFolder;
import io.lift.checkpoint.Safetensors;
import io.lift.checkpoint.published.DecoderConfig;
import io.lift.checkpoint.published.PublishedConfig;
import io.lift.model.decoder.ParameterLayout;
import io.lift.model.random.SeededRandom;
import io.lift.model.text.BaseVocabulary;
import io.lift.testing.RandomModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a model folder of any size with random weights, for measuring speed and memory: {@code
 * RandomModel WIDTH LAYERS HEADS FOLDER}. 768 12 12 makes 85 million parameters.
 */
public final class RandomModel {
  private RandomModel() {}

  /** A small model as it is published: Qwen2's shape in two shards, written into a folder. */
  static BaseModel published(Path folder) throws IOException {
    RandomModelFolder.Size size = new RandomModelFolder.Size("qwen2", 1200, 32, 3, 4, 2, 48);
    RandomModelFolder.write(folder.resolve("model"), size, 2, 1);
    return BaseModel.open(folder.resolve("model").toString(), "cpu");
  }

  public static void main(String[] args) throws IOException {
    int width = Integer.parseInt(args[0]);
    int layers = Integer.parseInt(args[1]);
    int heads = Integer.parseInt(args[2]);
    Path folder = Files.createDirectories(Path.of(args[3]));
    int vocabulary = BaseVocabulary.standard().size();
    int inner = width * 8 / 3;
    String json =
        """
        {
          "model_type" : "llama",
          "vocab_size" : %d,
          "hidden_size" : %d,
          "intermediate_size" : %d,
          "num_hidden_layers" : %d,
          "num_attention_heads" : %d,
          "hidden_act" : "silu",
          "rms_norm_eps" : 1.0E-5,
          "rope_theta" : 10000.0,
          "tie_word_embeddings" : false,
          "max_position_embeddings" : 1024
        }
        """
            .formatted(vocabulary, width, inner, layers, heads);
    DecoderConfig config = PublishedConfig.read(ModelFolder.CONFIG, json.getBytes(UTF_8));
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    SeededRandom random = new SeededRandom(1);
    for (ParameterLayout.Entry e : ParameterLayout.of(config, vocabulary, vocabulary).entries()) {
      float[] data = new float[e.length()];
      for (int i = 0; i < data.length; i++) {
        data[i] = e.shape().length > 1 ? (float) (0.02 * random.gaussian()) : 1;
      }
      tensors.put(e.name(), new Safetensors.Tensor(e.shape(), data));
    }
    Files.writeString(folder.resolve(ModelFolder.CONFIG), json);
    Files.writeString(folder.resolve(ModelFolder.TOKENIZER), BaseVocabulary.standard().toJson());
    Files.write(folder.resolve(ModelFolder.WEIGHTS), new Safetensors(Map.of(), tensors).toBytes());
  }
}
