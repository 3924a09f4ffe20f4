package io.lift.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceTest {
  private static final long NOW = 1_764_403_200_000L; // 2025-11-29T08:00:00Z

  /** The services' mapper knows the names of parameters, the command's does not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void inJsonASourceIsATopicOrAnObject(boolean parameterNames) throws Exception {
    ObjectMapper json = new ObjectMapper();
    if (parameterNames) {
      json.registerModule(new ParameterNamesModule());
    }
    assertThat(json.readValue("\"orders\"", Source.class)).isEqualTo(Source.of("orders"));
    Source source = new Source("orders", 5L, "a");
    String text = json.writeValueAsString(source);
    assertThat(text).isEqualTo("{\"topic\":\"orders\",\"from\":5,\"reading\":\"a\"}");
    assertThat(json.readValue(text, Source.class)).isEqualTo(source);
    assertThat(json.writeValueAsString(Source.of("orders"))).isEqualTo("{\"topic\":\"orders\"}");
  }

  @Test
  void howItsRecordsAreReadGoesThroughJsonAndIsSaid() throws Exception {
    Source source =
        new Source("orders", null, "a")
            .as(SourceFormat.JSON_SCHEMA, "registry:id", List.of("op!=d"), ArrayRule.COUNT);
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString(source);
    assertThat(text)
        .contains("\"format\":\"json-schema\"", "\"key\":\"registry:id\"")
        .contains("\"where\":[\"op!=d\"]", "\"arrays\":\"count\"");
    assertThat(json.readValue(text, Source.class)).isEqualTo(source);
    assertThat(source).hasToString("orders (json-schema, key registry:id, op!=d, arrays counted)");
    assertThat(source.readingOnly()).isEqualTo(new Source("orders", null, "a"));
  }

  @Test
  void aChangeEventHasItsIdInAJsonKeyUnlessTheTaskSaysMore() {
    Source events = Source.of("orders").as(SourceFormat.DEBEZIUM, null, null, null);
    assertThat(events.keyOr(KeyType.TEXT)).hasToString("json");
    assertThat(events.keyOr(KeyType.LONG)).hasToString("long");
    assertThat(events.as(SourceFormat.DEBEZIUM, "text", null, null).keyOr(KeyType.TEXT))
        .hasToString("text");
    assertThat(Source.of("orders").keyOr(KeyType.TEXT)).hasToString("text");
  }

  @Test
  void aStartIsTheFirstRowNowOrAMoment() {
    assertThat(Source.read("orders", "earliest", NOW).from()).isNull();
    assertThat(Source.read("orders", "latest", NOW).from()).isEqualTo(NOW);
    assertThat(Source.read("orders", "2025-11-29T07:00:00Z", NOW))
        .satisfies(source -> assertThat(source.from()).isEqualTo(NOW - 3_600_000))
        .hasToString("orders from 2025-11-29T07:00:00Z");
    assertThatThrownBy(() -> Source.read("orders", "yesterday", NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("earliest, latest or a moment")
        .hasMessageContaining("yesterday");
  }

  @Test
  void eachReadingIsAnother() {
    assertThat(Source.read("orders", "earliest", NOW).reading())
        .isNotEqualTo(Source.read("orders", "earliest", NOW + 1).reading());
  }
}
