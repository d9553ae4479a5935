import { compactVerify, createLocalJWKSet } from 'jose';
import { verificationProblem } from '../../functions/oauth/verification-problem.ts';
import { commandHint } from '../../registry/command-hint.ts';
import { CliError } from '../io/cli-error.ts';
import { NoAnswer, sendHttp } from '../io/http.ts';

/** A token whose claims are read. */
export interface ReadToken {
  readonly text: string;
  readonly issuer: string;
  readonly jti: string;
}

/**
 * Verifies that an issuer has signed a token, with the keys that it publishes. What somebody else has written may name the
 * place of another token, which would be taken back, or have expired, though the real one has not.
 * @throws CliError that says how the token can be taken back all the same
 */
export async function verifyOwnSignature({ text, issuer, jti }: ReadToken): Promise<void> {
  const byJti = commandHint('token', 'revoke', `--jti=${jti}`);
  const keys = await publishedKeys(issuer).catch((error: unknown) => {
    if (!(error instanceof NoAnswer)) throw error;
    throw new CliError(
      `the keys of ${issuer} cannot be had, so that nobody knows whether it has signed the token (${error.message}): ${byJti} takes back what has this jti`,
      1,
      { code: 'unreachable', cause: error },
    );
  });
  await compactVerify(text, keys).catch((error: unknown) => {
    throw new CliError(
      `no key that ${issuer} publishes has signed the token (${verificationProblem(error)}), so it opens nothing: ${byJti} takes back what has this jti`,
      2,
      { cause: error },
    );
  });
}

async function publishedKeys(issuer: string) {
  const url = new URL(`${issuer}/.well-known/jwks.json`);
  const { status, body } = await sendHttp({ url });
  if (status !== 200) throw new NoAnswer(`${url.href} answers ${status}`);
  try {
    return createLocalJWKSet(JSON.parse(body));
  } catch (cause) {
    throw new NoAnswer(`${url.href} is no JWK Set`, { cause });
  }
}
