import java.io.BufferedReader;
import java.io.InputStreamReader;

/** Reads a token a line, and tells for each whether it is taken. */
public final class VerifyNimbus {
  public static void main(String[] args) throws Exception {
    var verifier = new NimbusVerifier(System.getenv("ISSUER"), System.getenv("AUDIENCE"));
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (String token = lines.readLine(); token != null; token = lines.readLine()) {
      try {
        verifier.verify(token);
        System.out.println("taken");
      } catch (Exception error) {
        System.out.println("refused: " + error.toString().replace('\n', ' '));
      }
    }
  }
}
