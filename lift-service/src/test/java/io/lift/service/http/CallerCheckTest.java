package io.lift.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerCheckTest {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

  private final CallerCheck check = new CallerCheck(LOOPBACK);

  @Test
  void anotherSiteCannotWrite() {
    assertThat(check.reject(post("http://localhost:8084", null))).isEmpty();
    assertThat(check.reject(post(null, "same-origin"))).isEmpty();
    assertThat(check.reject(post(null, null))).as("curl").isEmpty();
    assertThat(check.reject(post("http://evil.example", null))).isPresent();
    assertThat(check.reject(post("http://localhost:9999", null))).isPresent();
    assertThat(check.reject(post("null", null))).isPresent();
    assertThat(check.reject(post(null, "cross-site"))).isPresent();
    assertThat(check.reject(post(null, "same-site"))).isPresent();
  }

  @Test
  void aNameThatSomebodyElsePointsAtLoopbackIsRejected() {
    Call rebound = new Call("GET", "evil.example", "evil.example:8084", null, null);
    assertThat(check.reject(rebound)).isPresent();
    assertThat(new CallerCheck(Set.of()).reject(rebound)).isEmpty();
  }

  @Test
  void theUsualPortMayBeLeftOut() {
    Call call = new Call("POST", "lift.example", "lift.example", "https://lift.example", null);
    assertThat(new CallerCheck(Set.of()).reject(call)).isEmpty();
  }

  private static Call post(String origin, String fetchSite) {
    return new Call("POST", "localhost", "localhost:8084", origin, fetchSite);
  }
}
