package io.lift.service.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OidcSettingsTest {
  private static final String ISSUER = "https://id.example.org/realms/lift";

  @Test
  void openIdConnectIsOffWithoutAnIssuer() {
    assertThat(enabled(Map.of())).isFalse();
    assertThat(enabled(Map.of("lift.http.oidc.issuer", " "))).isFalse();
  }

  @Test
  void anIssuerSwitchesItOnUnderEitherName() {
    assertThat(enabled(Map.of("lift.http.oidc.issuer", ISSUER))).isTrue();
    assertThat(enabled(Map.of("quarkus.oidc.auth-server-url", ISSUER))).isTrue();
  }

  @Test
  void aSettingOfQuarkusGoesBeforeWhatFollows() {
    assertThat(
            enabled(
                Map.of("lift.http.oidc.issuer", ISSUER, "quarkus.oidc.tenant-enabled", "false")))
        .isFalse();
    assertThat(audiences(Map.of("quarkus.oidc.token.audience", "any"))).containsExactly("any");
  }

  @Test
  void tokensAreForTheClientOrForOneOfTheFurtherAudiences() {
    assertThat(audiences(Map.of())).containsExactly("lift");
    assertThat(audiences(Map.of("lift.http.oidc.client-id", "ml"))).containsExactly("ml");
    assertThat(audiences(Map.of("quarkus.oidc.client-id", "ml"))).containsExactly("ml");
    assertThat(
            audiences(
                Map.of("lift.http.oidc.client-id", "ml", "lift.http.oidc.audience", "api://ml,x")))
        .containsExactly("ml", "api://ml", "x");
  }

  @Test
  void anIssuerThatIsNoAddressIsNamed() {
    assertThatThrownBy(() -> enabled(Map.of("lift.http.oidc.issuer", "id.example.org")))
        .hasMessageContaining(
            "lift.http.oidc.issuer must be like https://id.example.org/realms/lift, but is"
                + " 'id.example.org'.");
  }

  private static boolean enabled(Map<String, String> given) {
    return config(given).getValue("quarkus.oidc.tenant-enabled", Boolean.class);
  }

  private static List<String> audiences(Map<String, String> given) {
    return config(given).getValues("quarkus.oidc.token.audience", String.class);
  }

  private static SmallRyeConfig config(Map<String, String> given) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .withSources(
            new PropertiesConfigSource(given, "given", 300),
            new PropertiesConfigSource(
                Map.of(
                    "quarkus.oidc.tenant-enabled",
                    "false",
                    "quarkus.oidc.token.audience",
                    "lift",
                    "quarkus.oidc.client-id",
                    "${lift.http.oidc.client-id:lift}",
                    "quarkus.oidc.auth-server-url",
                    "${lift.http.oidc.issuer:}"),
                "defaults",
                100))
        .build();
  }
}
