package io.lift.service.http;

import java.util.Set;

/**
 * What the check of the caller needs to know of a request; each header as it came, or null.
 *
 * @param method e.g. {@code POST}
 * @param host name or address that was called, without its port
 * @param authority the same with its port where one was given, e.g. {@code localhost:8084}
 * @param origin header {@code Origin}
 * @param fetchSite header {@code Sec-Fetch-Site}
 */
record Call(String method, String host, String authority, String origin, String fetchSite) {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /** Whether it can change anything. */
  boolean writes() {
    return !READING.contains(method);
  }
}
