import java.io.FileReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.security.JaasContext;

/** Reads settings as Kafka does: with its defaults, and variables filled in. */
final class KafkaSettings {
  static final String MECHANISM = "OAUTHBEARER";

  static Map<String, ?> read(String file) throws IOException {
    var properties = new Properties();
    try (var reader = new FileReader(file)) {
      properties.load(reader);
    }
    Map<String, String> settings = properties.stringPropertyNames().stream().collect(
        Collectors.toMap(name -> name.replace("listener.name.sasl_ssl.oauthbearer.", ""), properties::getProperty));
    return new AbstractConfig(new ConfigDef().withClientSaslSupport(), settings).values();
  }

  static List<AppConfigurationEntry> jaas(Map<String, ?> settings) {
    return JaasContext.loadClientContext(settings).configurationEntries();
  }
}
