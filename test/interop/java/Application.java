import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An API that the printed configuration guards. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(ResourceServerConfiguration.class)
@RestController
public class Application {
  public static void main(String[] args) {
    var application = new SpringApplication(Application.class);
    application.setDefaultProperties(Map.of("server.port", System.getenv("PORT"), "server.address", "127.0.0.1"));
    application.run(args);
  }

  @GetMapping("/")
  Map<String, String> read() {
    return Map.of("said", "hello");
  }
}
