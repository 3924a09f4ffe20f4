package io.lift.serializer.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.core.prompt.Prompt;
import io.lift.core.task.Extrapolation;
import io.lift.messages.Json;
import io.lift.messages.Origin;
import io.lift.messages.PromptMessage;
import io.lift.messages.RequestMessage;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
  private final MessageWriter writer = new MessageWriter();

  @Test
  void anyTextIsReadBackAsItWas() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      String text = text(random, random.nextInt(3_000));
      String row = text(random, 1 + random.nextInt(20));
      int[] grid = random.ints(random.nextInt(4) * 2).toArray();
      Origin origin = new Origin("topic", random.nextInt(), random.nextLong(), random.nextLong());
      writer.begin("task", i, row, new Prompt(text, grid), origin);

      RequestMessage request =
          Json.read(
              writer.request(List.of(), null, List.of(), 0, false, Map.of()), RequestMessage.class);
      assertThat(request)
          .usingRecursiveComparison()
          .isEqualTo(new RequestMessage("task", i, row, text, grid, origin));
      PromptMessage example = Json.read(writer.example(row + "@@@", row), PromptMessage.class);
      assertThat(example)
          .usingRecursiveComparison()
          .isEqualTo(new PromptMessage("task", i, row, text, grid, row + "@@@", row, origin));
      assertThat(
              Json.read(
                  writer.request(List.of(), null, List.of(), 0, false, Map.of()),
                  RequestMessage.class))
          .usingRecursiveComparison()
          .isEqualTo(request);
    }
  }

  @Test
  void theLinearPartAndTheColumnsBeyondWhatWasSeenAreReadBack() {
    Origin origin = new Origin("topic", 0, 1, 2);
    writer.begin("task", 1, "row", new Prompt("x", new int[0]), origin);
    Extrapolation.Point point = new Extrapolation.Point(-1.25e-7, 3e12);

    byte[] request =
        writer.request(List.of("gone"), point, List.of("t", "a \"b\""), 0, true, Map.of());

    assertThat(Json.read(request, RequestMessage.class))
        .usingRecursiveComparison()
        .isEqualTo(
            new RequestMessage(
                "task",
                1,
                "row",
                "x",
                new int[0],
                origin,
                null,
                List.of("gone"),
                null,
                point,
                List.of("t", "a \"b\""),
                true));
  }

  /** ASCII, quotes, control characters, all planes and halves of surrogate pairs. */
  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      switch (random.nextInt(5)) {
        case 0 -> text.append("\"\\/\n\t\u0000\u001f\u007f".charAt(random.nextInt(8)));
        case 1 -> text.append((char) random.nextInt(Character.MAX_VALUE));
        case 2 -> text.appendCodePoint(0x1F600 + random.nextInt(50));
        default -> text.append((char) (' ' + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}
