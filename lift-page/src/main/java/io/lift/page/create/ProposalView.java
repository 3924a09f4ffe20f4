package io.lift.page.create;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.lift.core.table.FieldType;
import java.util.List;
import java.util.Set;

/**
 * A proposal as the page shows it; see docs/page-api.md.
 *
 * @param id names it
 * @param source name of the file or the topic
 * @param kind {@code csv} or {@code topic}
 * @param rows rows that were read
 * @param expiresAt epoch milliseconds
 * @param columns a summary of each column
 * @param preview the first rows, each in the order of the columns; null where a value is missing
 * @param remarks remarks for the user, one sentence each
 * @param labels the labels whose meaning the texts of a row are compared with; null if there are
 *     none, or more than can be filled in
 * @param choices the task that would be created
 * @param sentence its first row as the model would read it
 * @param completion the completion that the model would learn
 * @param problem why the choices make no valid task; null if the task is valid
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProposalView(
    String id,
    String source,
    String kind,
    long rows,
    long expiresAt,
    List<ColumnView> columns,
    List<List<String>> preview,
    List<String> remarks,
    List<String> labels,
    Choices choices,
    String sentence,
    String completion,
    String problem) {

  /**
   * A column.
   *
   * @param name its name
   * @param type how it would be read
   * @param types how it could be read
   * @param present values that are there
   * @param missing rows without one
   * @param distinct different values; null if there are too many
   * @param min smallest number, or null
   * @param max largest number, or null
   * @param mean mean of the numbers, or null
   * @param categories the first words of a category column; otherwise null
   * @param examples some values
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ColumnView(
      String name,
      FieldType type,
      Set<FieldType> types,
      long present,
      long missing,
      Integer distinct,
      Double min,
      Double max,
      Double mean,
      List<String> categories,
      List<String> examples) {}
}
