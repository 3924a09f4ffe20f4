package io.lift.service.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret of {@code lift.http.token} and the session that it opens. */
final class AccessToken {
  private final byte[] token;

  /**
   * @param token not blank; spaces around it do not count
   */
  AccessToken(String token) {
    this.token = token.strip().getBytes(UTF_8);
  }

  /** Whether this is the token. The comparison takes constant time. */
  boolean accepts(String given) {
    return given != null && same(given.strip().getBytes(UTF_8), token);
  }

  /** Whether this is the session of the token. The comparison takes constant time. */
  boolean acceptsSession(String given) {
    return given != null && same(given.getBytes(UTF_8), session().getBytes(UTF_8));
  }

  /** A value that proves knowledge of the token without telling it: an HMAC-SHA256, hexadecimal. */
  String session() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(token, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal("lift page session".getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has HmacSHA256", e);
    }
  }

  /** Compares digests, so that not even the length of the secret takes part in the time. */
  private static boolean same(byte[] given, byte[] expected) {
    return MessageDigest.isEqual(sha256(given), sha256(expected));
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
