import { JWSSignatureVerificationFailed, JWTClaimValidationFailed, JWTExpired } from 'jose/errors';

/** Errors of jose whose messages quote nothing of the JWT. */
const discreet = [JWSSignatureVerificationFailed, JWTClaimValidationFailed, JWTExpired];

/** Why jose does not verify a JWT, for the log, without anything of the JWT. */
export function verificationProblem(error: unknown): string {
  const { name, message } = error as Error;
  return discreet.some((type) => error instanceof type) ? `${name}: ${message}` : name;
}
