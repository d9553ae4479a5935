import javax.security.auth.callback.Callback;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerTokenCallback;

/** Logs in as a client of Kafka does, and prints the token. */
public final class GetKafka {
  public static void main(String[] args) throws Exception {
    System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", System.getenv("ISSUER") + "/token");
    System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.files", System.getenv("PRIVATE_KEY"));
    var settings = KafkaSettings.read(args[0]);
    var handler = new OAuthBearerLoginCallbackHandler();
    handler.configure(settings, KafkaSettings.MECHANISM, KafkaSettings.jaas(settings));
    var callback = new OAuthBearerTokenCallback();
    handler.handle(new Callback[] {callback});
    if (callback.token() == null) {
      throw new IllegalStateException(callback.errorCode() + ": " + callback.errorDescription());
    }
    System.out.println(callback.token().value());
    System.exit(0);
  }
}
