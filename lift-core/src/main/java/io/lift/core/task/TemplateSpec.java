package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sentence that a row becomes.
 *
 * @param style which sentence
 * @param text for {@link Style#FREE}: the sentence with <code>{column}</code> where a value goes (
 *     <code>{{</code> and <code>}}</code> for braces); otherwise null
 * @param shuffle a seed by which the columns' names change places, so that a value stands beside
 *     the name of another column (the paper's control for what names are worth); null leaves each
 *     value its name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TemplateSpec(Style style, String text, Long shuffle) {

  /** The kinds of sentence. */
  public enum Style {
    /** The paper's default: {@code When we have x1=…, x2=…, What is this type? ###}. */
    @JsonProperty("paper")
    PAPER,
    /** The same with the columns' own names: {@code When we have age=…, salary=…, …}. */
    @JsonProperty("named")
    NAMED,
    /** The paper's for images: {@code Given image with pixels 0 0 … 255 What is this digit?###}. */
    @JsonProperty("image")
    IMAGE,
    /**
     * The paper's for two-stage fine-tuning: {@code Given task 3, x1=…, x2=…, What is the
     * cluster?###}; 1 and 2 are the generated tasks.
     */
    @JsonProperty("staged")
    STAGED,
    /** The user's own sentence. */
    @JsonProperty("free")
    FREE
  }

  /** A template in which each value has its own column's name. */
  public TemplateSpec(Style style, String text) {
    this(style, text, null);
  }

  public static TemplateSpec paper() {
    return new TemplateSpec(Style.PAPER, null);
  }

  public static TemplateSpec named() {
    return new TemplateSpec(Style.NAMED, null);
  }

  public static TemplateSpec free(String text) {
    return new TemplateSpec(Style.FREE, text);
  }

  /** The same sentence with its columns' names in other places. */
  public TemplateSpec shuffled(long seed) {
    return new TemplateSpec(style, text, seed);
  }

  /** Whether values and names stand in pairs, which may come in any order. */
  public boolean lists() {
    return style != Style.FREE && style != Style.IMAGE;
  }
}
