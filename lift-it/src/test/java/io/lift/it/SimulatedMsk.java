package io.lift.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lift.broker.BrokerSecurity;
import java.io.IOException;
import java.io.Serial;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.Security;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.spi.LoginModule;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import javax.security.sasl.SaslServerFactory;
import org.apache.kafka.common.errors.SaslAuthenticationException;

/**
 * The side of a broker of Amazon MSK when a client logs in with IAM: it checks the signature of the
 * request (Signature Version 4) that the client has signed. The broker loads it as a login module.
 */
public final class SimulatedMsk implements LoginModule {
  static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";
  static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  static final String REGION = "eu-central-1";

  private static final String MECHANISM = "AWS_MSK_IAM";
  private static final String VERSION = "2020_10_22";
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    Security.addProvider(new Mechanisms());
  }

  /** What a broker has to know. */
  static BrokerSecurity.Login ofBroker() {
    return new BrokerSecurity.Login(
        MECHANISM,
        Map.of("sasl.jaas.config", SimulatedMsk.class.getName() + " required;"),
        ACCESS_KEY,
        "");
  }

  private static final class Mechanisms extends Provider {
    @Serial private static final long serialVersionUID = 1L;

    Mechanisms() {
      super("simulated MSK", "1", "for tests");
      put("SaslServerFactory." + MECHANISM, Servers.class.getName());
    }
  }

  /** Made by name. */
  public static final class Servers implements SaslServerFactory {
    @Override
    public SaslServer createSaslServer(
        String mechanism,
        String protocol,
        String server,
        Map<String, ?> properties,
        CallbackHandler handler) {
      return new Server();
    }

    @Override
    public String[] getMechanismNames(Map<String, ?> properties) {
      return new String[] {MECHANISM};
    }
  }

  private static final class Server implements SaslServer {
    private boolean complete;

    @Override
    public byte[] evaluateResponse(byte[] response) throws SaslException {
      try {
        check(JSON.readTree(response));
        complete = true;
        return JSON.writeValueAsBytes(Map.of("version", VERSION, "request-id", "1"));
      } catch (IOException | GeneralSecurityException e) {
        throw new SaslException("no signed request", e);
      }
    }

    private static void check(JsonNode request) throws GeneralSecurityException {
      String scope =
          request.path("x-amz-date").asText().substring(0, 8)
              + "/"
              + REGION
              + "/kafka-cluster/aws4_request";
      if (!request.path("version").asText().equals(VERSION)
          || !request.path("action").asText().equals("kafka-cluster:Connect")
          || !request.path("x-amz-credential").asText().equals(ACCESS_KEY + "/" + scope)
          || !request.path("x-amz-signature").asText().equals(signature(request, scope))) {
        throw new SaslAuthenticationException("Access denied");
      }
    }

    private static String signature(JsonNode request, String scope)
        throws GeneralSecurityException {
      Map<String, String> query = new TreeMap<>();
      query.put("Action", request.path("action").asText());
      query.put("X-Amz-Algorithm", request.path("x-amz-algorithm").asText());
      query.put("X-Amz-Credential", request.path("x-amz-credential").asText());
      query.put("X-Amz-Date", request.path("x-amz-date").asText());
      query.put("X-Amz-Expires", request.path("x-amz-expires").asText());
      query.put("X-Amz-SignedHeaders", request.path("x-amz-signedheaders").asText());
      String canonical =
          "GET\n/\n"
              + query.entrySet().stream()
                  .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                  .collect(Collectors.joining("&"))
              + "\nhost:"
              + request.path("host").asText()
              + "\n\nhost\n"
              + sha256("");
      String signed =
          "AWS4-HMAC-SHA256\n" + query.get("X-Amz-Date") + "\n" + scope + "\n" + sha256(canonical);
      byte[] key = ("AWS4" + SECRET_KEY).getBytes(StandardCharsets.UTF_8);
      for (String part : scope.split("/")) {
        key = hmac(key, part);
      }
      return HexFormat.of().formatHex(hmac(key, signed));
    }

    private static String encode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String sha256(String text) throws GeneralSecurityException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String getMechanismName() {
      return MECHANISM;
    }

    @Override
    public boolean isComplete() {
      return complete;
    }

    @Override
    public String getAuthorizationID() {
      return ACCESS_KEY;
    }

    @Override
    public byte[] unwrap(byte[] incoming, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] wrap(byte[] outgoing, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Object getNegotiatedProperty(String name) {
      return null;
    }

    @Override
    public void dispose() {}
  }

  @Override
  public void initialize(
      Subject subject, CallbackHandler handler, Map<String, ?> state, Map<String, ?> options) {}

  @Override
  public boolean login() {
    return true;
  }

  @Override
  public boolean commit() {
    return true;
  }

  @Override
  public boolean abort() {
    return false;
  }

  @Override
  public boolean logout() {
    return true;
  }
}
