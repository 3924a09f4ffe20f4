package io.lift.page;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the live page, {@code lift.page.*}. */
@ConfigMapping(prefix = "lift.page")
public interface PageConfig {
  /** Whether the live page is served. Scoring does not need it. */
  @WithDefault("true")
  boolean enabled();

  /** How long a browser may leave events unread before its connection is closed. */
  @WithDefault("15s")
  Duration unreadTimeout();

  /** Directory that keeps uploaded tables until their tasks are created. */
  @WithDefault("${java.io.tmpdir}/lift-page/uploads")
  Path uploadDir();

  /** Largest table that can be uploaded, in bytes. */
  @WithDefault("67108864")
  long maxUpload();

  /** How long the answer to a tried row may take. */
  @WithDefault("10s")
  Duration tryTimeout();

  /** How long the page waits for a rollback before it reports the request as pending. */
  @WithDefault("15s")
  Duration rollbackTimeout();
}
