package io.lift.kafka;

import io.lift.messages.HeaderValues;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * The trace of a row through the services: its context travels in the headers of the records that
 * the row becomes (W3C {@code traceparent}), as Kafka's instrumentations have it. Immutable and
 * thread-safe.
 */
public final class Traces {
  /** The header that carries the context of a span. */
  public static final String HEADER = "traceparent";

  /** Most links of a span that covers many rows. */
  public static final int MOST_LINKS = 128;

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  /** Records nothing: every span is the invalid one, and no header is read or written. */
  public static final Traces NONE = new Traces(null);

  private final Tracer tracer;

  /**
   * @param tracer makes the spans; null for none, as {@link #NONE} does
   */
  public Traces(Tracer tracer) {
    this.tracer = tracer;
  }

  /** Whether there is a tracer. */
  public boolean on() {
    return tracer != null;
  }

  /**
   * Begins the work on a record, as a part of the record's own trace.
   *
   * @param name what is done, e.g. {@code serialize}
   */
  public Span begin(String name, ConsumerRecord<?, ?> record) {
    return begin(name, record, null);
  }

  /**
   * @param since when the work began; null for now
   */
  public Span begin(String name, ConsumerRecord<?, ?> record, Instant since) {
    if (!on()) {
      return Span.getInvalid();
    }
    SpanBuilder span =
        child(name, HeaderValues.string(record.headers(), HEADER))
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute("messaging.system", "kafka")
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", record.topic())
            .setAttribute("messaging.destination.partition.id", "" + record.partition())
            .setAttribute("messaging.kafka.offset", record.offset());
    return (since == null ? span : span.setStartTimestamp(since)).startSpan();
  }

  /**
   * Begins something in a trace that is known by its header.
   *
   * @param parent value of {@link #HEADER}; null begins a trace
   */
  public Span begin(String name, String parent) {
    return on() ? child(name, parent).startSpan() : Span.getInvalid();
  }

  /**
   * Begins the work on many rows at once: a trace of its own, linked to those of the rows.
   *
   * @param rows values of {@link #HEADER}, of which null ones are skipped and the first {@link
   *     #MOST_LINKS} count
   */
  public Span beginBatch(String name, Collection<String> rows) {
    if (!on()) {
      return Span.getInvalid();
    }
    SpanBuilder span = tracer.spanBuilder(name).setNoParent();
    rows.stream()
        .map(Traces::context)
        .filter(SpanContext::isValid)
        .limit(MOST_LINKS)
        .forEach(span::addLink);
    return span.startSpan();
  }

  /** The header of a record; null if there is none or no tracer. */
  public String of(Headers headers) {
    return on() ? HeaderValues.string(headers, HEADER) : null;
  }

  /** Makes a record a part of the span's trace. */
  public static void inject(Span span, Headers headers) {
    if (span.getSpanContext().isValid()) {
      W3C.inject(
          Context.root().with(span),
          headers,
          (carrier, key, value) -> carrier.remove(key).add(key, HeaderValues.bytes(value)));
    }
  }

  private SpanBuilder child(String name, String parent) {
    return tracer.spanBuilder(name).setParent(Context.root().with(Span.wrap(context(parent))));
  }

  private static SpanContext context(String header) {
    if (header == null) {
      return SpanContext.getInvalid();
    }
    return Span.fromContext(W3C.extract(Context.root(), header, Only.HEADER_ITSELF))
        .getSpanContext();
  }

  /** Reads the one header from its value. */
  private enum Only implements TextMapGetter<String> {
    HEADER_ITSELF;

    @Override
    public Iterable<String> keys(String value) {
      return List.of(HEADER);
    }

    @Override
    public String get(String value, String key) {
      return HEADER.equals(key) ? value : null;
    }
  }
}
