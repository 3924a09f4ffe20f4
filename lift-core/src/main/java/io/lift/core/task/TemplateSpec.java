package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The template of a task's sentence.
 *
 * @param style the kind of sentence
 * @param text for {@link Style#FREE}: the sentence with <code>{column}</code> where a value goes (
 *     <code>{{</code> and <code>}}</code> for braces); otherwise null
 * @param shuffle seed of a permutation of the columns' names, so that every value is written beside
 *     the name of another column (the paper's ablation of names); null for the right names
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TemplateSpec(Style style, String text, Long shuffle) {

  /** The kinds of sentence. */
  public enum Style {
    /** The paper's default: {@code When we have x1=…, x2=…, What is this type? ###}. */
    @JsonProperty("paper")
    PAPER,
    /** The default with the columns' own names: {@code When we have age=…, salary=…, …}. */
    @JsonProperty("named")
    NAMED,
    /**
     * The paper's sentence for images: {@code Given image with pixels 0 0 … 255 What is this
     * digit?###}.
     */
    @JsonProperty("image")
    IMAGE,
    /**
     * The paper's sentence for two-stage fine-tuning: {@code Given task 3, x1=…, x2=…, What is the
     * cluster?###}. Tasks 1 and 2 are the synthetic ones.
     */
    @JsonProperty("staged")
    STAGED,
    /** The user's own sentence. */
    @JsonProperty("free")
    FREE
  }

  /** A template without shuffled names. */
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

  /** This template with shuffled names. */
  public TemplateSpec shuffled(long seed) {
    return new TemplateSpec(style, text, seed);
  }

  /** Whether the sentence is a list of names and values, which may come in any order. */
  public boolean lists() {
    return style != Style.FREE && style != Style.IMAGE;
  }
}
