package io.lift.service.traces;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Sends spans in batches to an OTLP endpoint, until it is closed. */
public final class TraceExport implements AutoCloseable {
  private static final String GRPC = "grpc";
  private static final String HTTP = "http/protobuf";
  private static final String HTTP_PATH = "/v1/traces";
  private static final long FLUSH_SECONDS = 5;

  private final SdkTracerProvider provider;

  /**
   * @param endpoint an {@code http} or {@code https} address
   * @param protocol {@code grpc} or {@code http/protobuf}
   * @param ratio share of the new traces that are sent
   * @param service name of this service on its spans
   * @throws IllegalArgumentException if one of these cannot be; the message names the setting
   */
  public TraceExport(String endpoint, String protocol, double ratio, String service) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("lift.traces.ratio must be from 0 to 1, but is " + ratio);
    }
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault().toBuilder()
                    .put(AttributeKey.stringKey("service.name"), service)
                    .build())
            .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio)))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter(endpoint, protocol)).build())
            .build();
  }

  private static SpanExporter exporter(String endpoint, String protocol) {
    URI uri;
    try {
      uri = URI.create(endpoint);
    } catch (IllegalArgumentException e) {
      throw noEndpoint(endpoint);
    }
    if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
      throw noEndpoint(endpoint);
    }
    return switch (protocol) {
      case GRPC -> OtlpGrpcSpanExporter.builder().setEndpoint(endpoint).build();
      case HTTP ->
          OtlpHttpSpanExporter.builder()
              .setEndpoint(
                  uri.getPath().length() > 1 ? endpoint : uri.resolve(HTTP_PATH).toString())
              .build();
      default ->
          throw new IllegalArgumentException(
              "lift.traces.protocol must be %s or %s, but is '%s'".formatted(GRPC, HTTP, protocol));
    };
  }

  private static IllegalArgumentException noEndpoint(String endpoint) {
    return new IllegalArgumentException(
        "lift.traces.endpoint must be like http://collector:4317, but is '%s'".formatted(endpoint));
  }

  /** What makes the spans. */
  public Tracer tracer() {
    return provider.get("io.lift");
  }

  /** Sends what is left, for five seconds at most. */
  @Override
  public void close() {
    provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
