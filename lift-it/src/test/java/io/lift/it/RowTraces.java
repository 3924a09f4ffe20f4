package io.lift.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Checks that every row has one trace over all services. */
final class RowTraces {
  private RowTraces() {}

  /** Waits for the spans of so many scored rows. Each service sends its own, some time later. */
  static void awaitComplete(TraceCollector traces, int rows) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> traces.named("score").size() >= rows && traces.named("train").size() >= 2);
    Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> check(traces));
  }

  /** From the serializer over its answer to its score; batches link to it. */
  private static void check(TraceCollector traces) {
    Map<ByteString, Span> answers = byId(traces.named("answer"));
    Map<ByteString, Span> rows = byId(traces.named("serialize"));
    for (Span score : traces.named("score")) {
      Span answer = answers.get(score.getParentSpanId());
      assertThat(answer).as("the answer behind a score").isNotNull();
      Span row = rows.get(answer.getParentSpanId());
      assertThat(row).as("the row behind an answer").isNotNull();
      assertThat(score.getTraceId()).isEqualTo(answer.getTraceId()).isEqualTo(row.getTraceId());
      assertThat(row.getParentSpanId()).isEqualTo(ByteString.EMPTY);
      assertThat(answer.getLinksList())
          .extracting(Span.Link::getSpanId)
          .containsAnyElementsOf(byId(traces.named("score batch")).keySet());
    }
    for (String batch : List.of("score batch", "train")) {
      assertThat(traces.named(batch))
          .flatExtracting(Span::getLinksList)
          .extracting(Span.Link::getSpanId)
          .isNotEmpty()
          .isSubsetOf(rows.keySet());
    }
  }

  private static Map<ByteString, Span> byId(List<Span> spans) {
    return spans.stream().collect(Collectors.toMap(Span::getSpanId, span -> span, (a, b) -> a));
  }
}
