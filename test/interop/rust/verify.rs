
// Reads a token a line, and tells for each whether it is taken.
fn main() -> Result<(), Box<dyn Error>> {
    let mut verifier = Verifier::new(&std::env::var("ISSUER")?, &std::env::var("AUDIENCE")?)?;
    for line in std::io::stdin().lines() {
        match verifier.verify(&line?) {
            Ok(claims) => {
                assert!(!claims.client_id.is_empty());
                println!("taken")
            }
            Err(error) => println!("refused: {error}"),
        }
    }
    Ok(())
}
