import java.io.BufferedReader;
import java.io.InputStreamReader;
import javax.security.auth.callback.Callback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler;

/** Reads a token a line, and tells for each whether the broker's callback handler takes it. */
public final class VerifyKafka {
  public static void main(String[] args) throws Exception {
    System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls",
        System.getenv("ISSUER") + "/.well-known/jwks.json");
    var settings = KafkaSettings.read("kafka-broker.properties");
    var handler = new OAuthBearerValidatorCallbackHandler();
    handler.configure(settings, KafkaSettings.MECHANISM, KafkaSettings.jaas(settings));
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String token = lines.readLine(); token != null; token = lines.readLine()) {
      System.out.println(answer(handler, token));
    }
    System.exit(0);
  }

  /** A broker tells its client what the callback says, and cuts it off without a word at an exception. */
  private static String answer(OAuthBearerValidatorCallbackHandler handler, String token) {
    try {
      var callback = new OAuthBearerValidatorCallback(token);
      handler.handle(new Callback[] {callback});
      return callback.token() == null ? "refused: " + callback.errorStatus() : "taken";
    } catch (Exception error) {
      return "failed: " + error.toString().replace('\n', ' ');
    }
  }
}
