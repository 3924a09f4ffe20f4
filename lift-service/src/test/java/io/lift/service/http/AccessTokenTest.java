package io.lift.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessTokenTest {
  private final AccessToken token = new AccessToken(" s3cret ");

  @Test
  void theTokenIsAcceptedAndNothingElse() {
    assertThat(token.accepts("s3cret")).isTrue();
    assertThat(token.accepts(" s3cret")).isTrue();
    assertThat(token.accepts("s3cre")).isFalse();
    assertThat(token.accepts(token.session())).isFalse();
    assertThat(token.accepts("")).isFalse();
    assertThat(token.accepts(null)).isFalse();
  }

  @Test
  void theSessionIsAcceptedAndDoesNotTellTheToken() {
    assertThat(token.acceptsSession(token.session())).isTrue();
    assertThat(token.acceptsSession("s3cret")).isFalse();
    assertThat(token.acceptsSession(new AccessToken("other").session())).isFalse();
    assertThat(token.acceptsSession(null)).isFalse();
    assertThat(token.session()).doesNotContain("s3cret");
  }
}
