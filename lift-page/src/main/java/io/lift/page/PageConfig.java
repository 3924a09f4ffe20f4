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

  /** How long an open page may leave what it is sent unread before it is dropped. */
  @WithDefault("15s")
  Duration patience();

  /** Directory that keeps uploaded tables until their tasks are created. */
  @WithDefault("${java.io.tmpdir}/lift-page/uploads")
  Path uploadDir();

  /** Largest table that can be uploaded, in bytes. */
  @WithDefault("67108864")
  long maxUpload();

  /** How long a tried row may take. */
  @WithDefault("10s")
  Duration tryTimeout();

  /** How long the page waits for a rollback request to be settled before it says it is pending. */
  @WithDefault("15s")
  Duration rollbackTimeout();
}
