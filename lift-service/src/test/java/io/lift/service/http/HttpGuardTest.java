package io.lift.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class HttpGuardTest {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

  private final HttpGuard open = new HttpGuard(null, LOOPBACK);
  private final HttpGuard closed = new HttpGuard("s3cret", LOOPBACK);

  @Test
  void withoutATokenNobodyIsAsked() {
    assertThat(open.refuse(get("/api/tasks"))).isEmpty();
    assertThat(new HttpGuard("  ", LOOPBACK).refuse(get("/api/tasks"))).isEmpty();
  }

  @Test
  void withATokenOnlyHealthMetricsAndTheFormAreOpen() {
    assertThat(closed.refuse(get("/q/health/ready"))).isEmpty();
    assertThat(closed.refuse(get("/q/metrics"))).isEmpty();
    assertThat(closed.refuse(get("/login"))).isEmpty();
    for (String path : new String[] {"/", "/api/tasks", "/q/dev", "/q/health/..%2fapi/tasks"}) {
      assertThat(closed.refuse(get(path)).orElseThrow().status()).as(path).isEqualTo(401);
    }
  }

  @Test
  void theTokenAndTheCookieOfTheFormAreAcceptedAndNothingElse() {
    assertThat(closed.refuse(with("Bearer s3cret", null))).isEmpty();
    assertThat(closed.refuse(with("bearer s3cret", null))).isEmpty();
    assertThat(closed.refuse(with(null, closed.session()))).isEmpty();
    assertThat(closed.refuse(with("Bearer s3cre", null))).isPresent();
    assertThat(closed.refuse(with("Basic s3cret", null))).isPresent();
    assertThat(closed.refuse(with(null, "s3cret"))).isPresent();
    assertThat(closed.refuse(with(null, new HttpGuard("other", LOOPBACK).session()))).isPresent();
    assertThat(closed.session()).doesNotContain("s3cret");
  }

  @Test
  void anotherSiteCannotWrite() {
    assertThat(open.refuse(post("http://localhost:8084", null))).isEmpty();
    assertThat(open.refuse(post(null, "same-origin"))).isEmpty();
    assertThat(open.refuse(post(null, null))).as("curl").isEmpty();
    assertThat(open.refuse(post("http://evil.example", null))).isPresent();
    assertThat(open.refuse(post("http://localhost:9999", null))).isPresent();
    assertThat(open.refuse(post("null", null))).isPresent();
    assertThat(open.refuse(post(null, "cross-site"))).isPresent();
    assertThat(open.refuse(post(null, "same-site"))).isPresent();
  }

  @Test
  void aNameThatSomebodyElsePointsAtLoopbackIsRefused() {
    Call rebound =
        new Call(
            "GET", "/api/tasks", "evil.example", "evil.example:8084", null, null, null, null, null);
    assertThat(open.refuse(rebound).orElseThrow().status()).isEqualTo(403);
    assertThat(new HttpGuard(null, Set.of()).refuse(rebound)).isEmpty();
  }

  @Test
  void theUsualPortMayBeLeftOut() {
    HttpGuard guard = new HttpGuard(null, Set.of());
    Call call =
        new Call(
            "POST",
            "/x",
            "lift.example",
            "lift.example",
            "https://lift.example",
            null,
            null,
            null,
            null);
    assertThat(guard.refuse(call)).isEmpty();
  }

  private static Call get(String path) {
    return new Call("GET", path, "localhost", "localhost:8084", null, null, null, null, null);
  }

  private static Call with(String authorization, String session) {
    return new Call(
        "GET", "/", "localhost", "localhost:8084", null, null, authorization, session, null);
  }

  private static Call post(String origin, String fetchSite) {
    return new Call(
        "POST", "/api/tasks", "localhost", "localhost:8084", origin, fetchSite, null, null, null);
  }
}
