package io.lift.service.http;

import io.quarkus.oidc.OIDCException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Why a caller is not known. */
enum TokenProblem {
  MISSING(401, "This service needs a token: send 'Authorization: Bearer TOKEN'."),
  MISSING_OIDC(
      401,
      "This service needs a token of its OpenID Connect provider: send 'Authorization: Bearer"
          + " TOKEN', or sign in at /login."),
  EXPIRED(401, "The token has expired: get a new one from the provider."),
  ISSUER(401, "The token is not of the provider that lift.http.oidc.issuer names."),
  AUDIENCE(
      401,
      "The token is not for this service: its audience must be the one of lift.http.oidc.client-id"
          + " or lift.http.oidc.audience."),
  INVALID(401, "The token is not valid: the provider of lift.http.oidc.issuer has not signed it."),
  AWAY(503, "The OpenID Connect provider does not answer: send the request again later.");

  private static final int DEEPEST = 10;

  private final int status;
  private final String sentence;

  TokenProblem(int status, String sentence) {
    this.status = status;
    this.sentence = sentence;
  }

  int status() {
    return status;
  }

  String sentence() {
    return sentence;
  }

  /** What a failed authentication means. */
  static TokenProblem of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof InvalidJwtException invalid) {
        return of(invalid);
      }
      if (isAway(cause)) {
        return AWAY;
      }
      cause = cause.getCause();
    }
    return INVALID;
  }

  /** Whether a failure means that the provider does not answer. */
  static boolean isAway(Throwable failure) {
    return failure instanceof OIDCException
        || failure instanceof IOException
        || failure instanceof TimeoutException;
  }

  private static TokenProblem of(InvalidJwtException invalid) {
    if (invalid.hasErrorCode(ErrorCodes.EXPIRED)) {
      return EXPIRED;
    }
    if (invalid.hasErrorCode(ErrorCodes.ISSUER_INVALID)
        || invalid.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
      return ISSUER;
    }
    return invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
            || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)
        ? AUDIENCE
        : INVALID;
  }
}
