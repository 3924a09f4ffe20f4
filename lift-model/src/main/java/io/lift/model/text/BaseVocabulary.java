package io.lift.model.text;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.lift.checkpoint.InvalidModelException;
import java.io.IOException;
import java.util.List;

/**
 * The tokens that all tasks of the embedded model share: the 256 bytes, the integers from 0, and a
 * few marks. Ids are numbered in this order.
 *
 * @param model the kind of tokenizer, {@code table}
 * @param integers number of integers from 0 that are one token each; 100
 * @param marks further strings that are one token each
 */
public record BaseVocabulary(
    @JsonProperty("model") String model,
    @JsonProperty("integers") int integers,
    @JsonProperty("marks") List<String> marks) {

  public static final int BYTES = 256;
  public static final int INTEGERS = 100;
  public static final String PADDING = "<pad>";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** The vocabulary of the embedded model. */
  public static BaseVocabulary standard() {
    return new BaseVocabulary("table", INTEGERS, List.of("?", "###", "@@@", PADDING));
  }

  /** The number of tokens. */
  public int size() {
    return BYTES + integers + marks.size();
  }

  /** The token of an integer. */
  public int integer(int value) {
    return BYTES + value;
  }

  /** The token of a mark. */
  public int mark(String mark) {
    return BYTES + integers + marks.indexOf(mark);
  }

  /**
   * Whether a {@code tokenizer.json} is of the kind {@code table}; published tokenizers are not.
   */
  public static boolean isTable(byte[] json) {
    try (JsonParser parser = JSON.createParser(json)) {
      boolean table = parser.nextToken() == JsonToken.START_OBJECT;
      while (table && parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean model = parser.currentName().equals("model");
        boolean object = parser.nextToken() == JsonToken.START_OBJECT;
        if (model) {
          return !object;
        }
        parser.skipChildren();
      }
    } catch (IOException e) {
      // reported when it is read as a published tokenizer
    }
    return false;
  }

  /**
   * Reads a {@code tokenizer.json}.
   *
   * @param file name of the file, for messages
   * @throws InvalidModelException if it is another kind of tokenizer
   */
  public static BaseVocabulary read(String file, byte[] json) {
    BaseVocabulary vocabulary;
    try {
      vocabulary = JSON.readValue(json, BaseVocabulary.class);
    } catch (IOException e) {
      throw new InvalidModelException(file + " is not a tokenizer of kind \"table\".");
    }
    if (!"table".equals(vocabulary.model)
        || vocabulary.integers != INTEGERS
        || vocabulary.marks == null
        || !vocabulary.marks.containsAll(standard().marks)) {
      throw new InvalidModelException(
          file + " is not a tokenizer of kind \"table\" with 100 integers and the usual marks.");
    }
    return vocabulary;
  }

  /** The content of {@code tokenizer.json}. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
