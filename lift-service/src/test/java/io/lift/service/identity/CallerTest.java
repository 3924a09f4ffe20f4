package io.lift.service.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CallerTest {

  @Test
  void aNameSteersNoTerminalAndIsShort() {
    assertThat(named("anna\u001b[2J\r\nok\u202e").name()).contains("anna?[2J??ok?");
    assertThat(named("x".repeat(1000)).name().orElseThrow()).hasSize(100);
  }

  @Test
  void whoIsNotSignedInHasNoName() {
    Caller caller =
        Caller.of(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(""))
                .setAnonymous(true)
                .addRoles(Roles.ALL)
                .build());

    assertThat(caller.name()).isEmpty();
    assertThat(caller.isOperator()).isTrue();
    assertThat(caller.until()).isEmpty();
  }

  @Test
  void aCallerWithATokenIsKnownUntilTheTokenEnds() {
    Caller caller =
        Caller.of(
            QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal("anna"))
                .addRole(Roles.VIEWER)
                .addAttribute("quarkus.identity.expire-time", 1_764_000_000L)
                .build());

    assertThat(caller.until()).contains(Instant.ofEpochSecond(1_764_000_000L));
    assertThat(caller.isOperator()).isFalse();
  }

  private static Caller named(String name) {
    return Caller.of(
        QuarkusSecurityIdentity.builder().setPrincipal(new QuarkusPrincipal(name)).build());
  }
}
