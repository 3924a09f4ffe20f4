package io.lift.service.traces;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Traces from a row to its prediction and its score. */
@ConfigMapping(prefix = "lift.traces")
public interface TracesConfig {

  /** An OTLP endpoint, e.g. {@code http://collector:4317}; without it, there are no traces. */
  Optional<String> endpoint();

  /** {@code grpc}, or {@code http/protobuf} for an endpoint like {@code http://collector:4318}. */
  @WithDefault("grpc")
  String protocol();

  /**
   * Share of the traces that begin here and are sent, 0 to 1; a row that comes with a trace is sent
   * if its sender decided so.
   */
  @WithDefault("1.0")
  double ratio();

  /** {@code service.name} of the spans. */
  @WithDefault("${quarkus.application.name}")
  String service();
}
