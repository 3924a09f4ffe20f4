package io.lift.core.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The sentence that a row becomes.
 *
 * @param style which sentence
 * @param text for {@link Style#FREE}: the sentence with <code>{column}</code> where a value goes (
 *     <code>{{</code> and <code>}}</code> for braces); otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TemplateSpec(Style style, String text) {

  /** The kinds of sentence. */
  public enum Style {
    /** The paper's default: {@code When we have x1=…, x2=…, What is this type? ###}. */
    @JsonProperty("paper")
    PAPER,
    /** The same with the columns' own names: {@code When we have age=…, salary=…, …}. */
    @JsonProperty("named")
    NAMED,
    /** The user's own sentence. */
    @JsonProperty("free")
    FREE
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
}
