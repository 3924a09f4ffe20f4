package io.lift.service.http;

import java.util.Set;

/**
 * What the guard needs to know of a request; each header as it came, or null.
 *
 * @param method e.g. {@code POST}
 * @param path normalised, still percent-encoded
 * @param host name or address that was called, without its port
 * @param authority the same with its port where one was given, e.g. {@code localhost:8084}
 * @param origin header {@code Origin}
 * @param fetchSite header {@code Sec-Fetch-Site}
 * @param authorization header {@code Authorization}
 * @param session the cookie of the guard
 * @param accept header {@code Accept}
 */
record Call(
    String method,
    String path,
    String host,
    String authority,
    String origin,
    String fetchSite,
    String authorization,
    String session,
    String accept) {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Whether it can change anything. */
  boolean writes() {
    return !READING.contains(method);
  }

  /** Whether a browser wants a page to show, rather than a script data. */
  boolean asksForPage() {
    return !writes() && accept != null && accept.contains("text/html");
  }
}
