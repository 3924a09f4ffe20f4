package io.lift.checkpoint.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lift.checkpoint.InvalidModelException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishedConfigTest {
  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 128256, "hidden_size": 2048, "intermediate_size": 8192,
       "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
       "hidden_act": "silu", "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "rope_scaling": null,
       "tie_word_embeddings": true, "max_position_embeddings": 131072}""";

  @Test
  void absentKeysMeanWhatTheyMeanInTheFamilysOwnCode() {
    DecoderConfig gpt2 = read("{\"model_type\": \"gpt2\"}");
    assertThat(gpt2.hiddenSize()).isEqualTo(768);
    assertThat(gpt2.intermediateSize()).isEqualTo(3072);
    assertThat(gpt2.tiedEmbeddings()).isTrue();
    DecoderConfig gptj = read("{\"model_type\": \"gptj\"}");
    assertThat(gptj.layers()).isEqualTo(28);
    assertThat(gptj.rotary().dims()).isEqualTo(64);
    assertThat(gptj.tiedEmbeddings()).isFalse();
    String small = LLAMA.replace("\"tie_word_embeddings\": true, ", "");
    assertThat(read(small).tiedEmbeddings()).isFalse();
    assertThat(read(small.replace("llama", "qwen3")).headSize()).isEqualTo(128);
    assertThat(read(small.replace("llama", "qwen2")).queryKeyValueBias()).isTrue();
  }

  @Test
  void bothSpellingsOfRotaryScalingMeanTheSame() {
    String scaling =
        "\"factor\": 32.0, \"low_freq_factor\": 1.0, \"high_freq_factor\": 4.0,"
            + " \"original_max_position_embeddings\": 8192, \"rope_type\": \"llama3\"}";
    Rotary old = read(LLAMA.replace("null", "{" + scaling)).rotary();
    Rotary now =
        read(LLAMA
                .replace("\"rope_theta\": 500000.0, ", "")
                .replace(
                    "\"rope_scaling\": null",
                    "\"rope_parameters\": {\"rope_theta\": 500000.0, " + scaling))
            .rotary();
    assertThat(now).isEqualTo(old);
    // the fastest pair is left alone, the slowest is slowed by the factor
    assertThat(old.scaling().frequency(old, 0)).isEqualTo(1);
    assertThat(old.scaling().frequency(old, 31) * 32).isCloseTo(old.frequency(31), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"model_type\": \"llama\"|\"model_type\": \"mixtral\"|has model_type mixtral; supported are",
        "\"hidden_act\": \"silu\"|\"hidden_act\": \"mish\"|has hidden_act mish, which is not supported",
        "\"hidden_act\": \"silu\"|\"use_sliding_window\": true|uses a sliding window",
        "\"hidden_act\": \"silu\"|\"layer_types\": [\"sliding_attention\"]|layers of type sliding",
        "\"hidden_act\": \"silu\"|\"quantization_config\": {}|its weights are quantised",
        "\"rope_scaling\": null|\"rope_scaling\": {\"type\": \"longrope\"}|rope_scaling of type longrope",
        "\"rope_scaling\": null|\"rope_scaling\": {\"type\": \"yarn\"}|needs a positive factor",
        "\"rope_scaling\": null|\"rope_scaling\": 7|has a rope_scaling that is not an object",
        "\"num_key_value_heads\": 8|\"num_key_value_heads\": 5|a multiple of num_key_value_heads",
        "\"num_hidden_layers\": 16|\"num_hidden_layers\": 16000|has 16000 layers",
        "\"vocab_size\": 128256|\"vocab_size\": 1e12|which is not a possible size",
        "\"vocab_size\": 128256|\"vocab_size\": \"many\"|needs a positive vocab_size",
        "\"hidden_size\": 2048|\"hidden_size\": 2049|which 32 heads do not divide",
        "\"tie_word_embeddings\": true|\"tie_word_embeddings\": 1|neither true nor false",
        "}|,|is not a JSON object",
      })
  void anUnsupportedConfigurationIsRejectedInOneSentence(String from, String to, String cause) {
    assertThat(LLAMA).contains(from);
    assertThatThrownBy(() -> read(LLAMA.replace(from, to)))
        .isInstanceOf(InvalidModelException.class)
        .hasMessageStartingWith("config.json ")
        .hasMessageContaining(cause)
        .hasMessageEndingWith(".");
  }

  private static DecoderConfig read(String json) {
    return PublishedConfig.read("config.json", json.getBytes(StandardCharsets.UTF_8));
  }
}
