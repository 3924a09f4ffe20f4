package io.lift.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.task.SourceFormat;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatGuessTest {
  @Test
  void theFormatOfARecordIsSeenInItsFieldsAndHeaders() {
    assertThat(of("{'a':1}")).isEqualTo(SourceFormat.JSON);
    assertThat(of("{'before':null,'after':{'a':1},'op':'c'}")).isEqualTo(SourceFormat.DEBEZIUM);
    assertThat(of("{'schema':{},'payload':{'a':1}}")).isEqualTo(SourceFormat.CONNECT);
    assertThat(of("{'schema':{},'payload':{'before':null,'op':'d'}}"))
        .isEqualTo(SourceFormat.DEBEZIUM);
    assertThat(of("{'specversion':'1.0','type':'loan','data':{}}"))
        .isEqualTo(SourceFormat.CLOUDEVENTS);
    assertThat(of("\0\0\0\0\7xyz")).isEqualTo(SourceFormat.AVRO);
    assertThat(of("no json")).isNull();
    assertThat(FormatGuess.of(null, name -> null)).isNull();
    Map<String, String> binary = Map.of("ce_specversion", "1.0");
    assertThat(FormatGuess.of(bytes("{'a':1}"), binary::get)).isEqualTo(SourceFormat.CLOUDEVENTS);
    Map<String, String> structured = Map.of("content-type", "application/cloudevents+json");
    assertThat(FormatGuess.of(bytes("{'a':1}"), structured::get))
        .isEqualTo(SourceFormat.CLOUDEVENTS);
  }

  @Test
  void theFormatOfATopicIsThatOfMostRecords() {
    FormatGuess guess = new FormatGuess();
    assertThat(guess.most()).isEqualTo(SourceFormat.JSON);
    for (String value :
        new String[] {"{'a':1}", "{'op':'c','after':{}}", "x", "{'op':'u','after':{}}"}) {
      guess.add(bytes(value), name -> null);
    }
    guess.add(null, name -> null);
    assertThat(guess.most()).isEqualTo(SourceFormat.DEBEZIUM);
  }

  private static SourceFormat of(String json) {
    return FormatGuess.of(bytes(json), name -> null);
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
