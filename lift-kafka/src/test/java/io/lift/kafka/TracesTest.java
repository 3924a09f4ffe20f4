package io.lift.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.lift.messages.HeaderValues;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class TracesTest {
  private final InMemorySpanExporter spans = InMemorySpanExporter.create();

  private final Traces traces =
      new Traces(
          SdkTracerProvider.builder()
              .addSpanProcessor(SimpleSpanProcessor.create(spans))
              .build()
              .get("test"));

  @Test
  void whenOffNoHeaderIsWrittenOrRead() {
    RecordHeaders headers = new RecordHeaders();
    Span span = Traces.NONE.begin("serialize", record("rows", headers));
    Traces.inject(span, headers);
    span.end();

    assertThat(headers).isEmpty();
    HeaderValues.add(headers, Traces.HEADER, header(1));
    assertThat(Traces.NONE.of(headers)).isNull();
    assertThat(Traces.NONE.beginBatch("train", List.of(header(1))).isRecording()).isFalse();
  }

  @Test
  void aRecordGoesOnInTheTraceThatItsHeadersCarry() {
    RecordHeaders client = new RecordHeaders();
    HeaderValues.add(client, Traces.HEADER, header(7));
    RecordHeaders prompt = new RecordHeaders();

    Span serialize = traces.begin("serialize", record("rows", client));
    Traces.inject(serialize, prompt);
    serialize.end();
    Span answer = traces.begin("answer", record("requests", prompt));
    Traces.inject(answer, prompt);
    answer.end();

    SpanData first = spans.getFinishedSpanItems().get(0);
    SpanData second = spans.getFinishedSpanItems().get(1);
    assertThat(first.getParentSpanContext().getSpanId()).isEqualTo("%016x".formatted(7));
    assertThat(second.getTraceId()).isEqualTo(first.getTraceId()).isEqualTo("%032x".formatted(7));
    assertThat(second.getParentSpanId()).isEqualTo(first.getSpanId());
    assertThat(prompt.headers(Traces.HEADER)).hasSize(1);
    assertThat(traces.of(prompt)).contains(second.getSpanId());
  }

  @Test
  void aBatchLinksToItsRowsUpToABound() {
    List<String> rows = new ArrayList<>();
    rows.add(null);
    rows.add("no header of a trace");
    for (int i = 1; i <= 500; i++) {
      rows.add(header(i));
    }

    traces.beginBatch("train", rows).end();

    SpanData batch = spans.getFinishedSpanItems().get(0);
    assertThat(batch.getLinks()).hasSize(Traces.MOST_LINKS);
    assertThat(batch.getLinks().get(0).getSpanContext().getTraceId())
        .isEqualTo("%032x".formatted(1));
    assertThat(batch.getParentSpanContext().isValid()).isFalse();
  }

  private static String header(int n) {
    return "00-%032x-%016x-01".formatted(n, n);
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, RecordHeaders headers) {
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(topic, 0, 5, null, null);
    headers.forEach(record.headers()::add);
    return record;
  }
}
