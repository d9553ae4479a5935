import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as v from 'valibot';
import { isClientId } from '../functions/oauth/client.ts';
import { longestAccessTokenLifetime } from '../functions/oauth/key-times.ts';
import type { Revocation } from '../functions/oauth/revocation.ts';
import { statusListPath, statusListSize } from '../functions/oauth/status-list.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { clockMargin, requireRevocations } from './revocations.ts';

/** What a token says of itself, as far as it is needed to take it back. */
export type TokenToRevoke = Pick<Revocation, 'status' | 'client_id' | 'iat'> & {
  readonly jti: string;
  /** NumericDate; undefined: nobody knows it, and it is taken for as late as can be. */
  readonly exp: number | undefined;
};

/** Ours have far less; a text that is no token can have more. */
const mostCharacters = 65_536;

/**
 * Reads an access token of an issuer. Its signature is for the caller to verify: by a token that nobody has signed the
 * place of another one could be taken back.
 * @throws RegistryError when it is none of this issuer
 */
export function readAccessToken(text: string, issuer: string): TokenToRevoke {
  const { typ, claims } = decoded(text);
  const { iss } = claims;
  if (iss !== undefined && iss !== issuer) {
    throw new RegistryError(
      'input',
      `the token is of another issuer: this deployment is ${issuer}`,
    );
  }
  const { success, output } = v.safeParse(tokenSchema(issuer), claims);
  // RFC 9068 §4: with or without the prefix of a media type.
  if (!success || !/^(application\/)?at\+jwt$/i.test(String(typ))) throw noToken(issuer);
  const { jti, exp, client_id, iat, status } = output;
  return { jti, exp, client_id, iat, status: status?.status_list };
}

/** Reads a jti. @throws RegistryError */
export function parseJti(text: string): string {
  if (isJti(text)) return text;
  throw new RegistryError('input', 'a jti is 1 to 128 visible characters of ASCII');
}

/** That a token was taken back; `hasExpired`: nobody lets it in any more, and nothing was noted. */
export interface TokenTakenBack {
  readonly revocation: Revocation;
  readonly hasExpired: boolean;
}

/**
 * Takes one token back.
 * @throws RegistryError when the deployment is older than revocation, or the token lives longer than it can
 */
export async function revokeToken(
  registry: Registry,
  { jti: id, exp, ...known }: TokenToRevoke,
): Promise<TokenTakenBack> {
  const revocations = requireRevocations(registry);
  const now = await revocations.time();
  const latest = now + longestAccessTokenLifetime;
  if (exp !== undefined && exp > latest + clockMargin) {
    throw new RegistryError(
      'input',
      'the token lives longer than one of this deployment can: it has not signed it',
    );
  }
  const expires_at = (exp ?? latest) + clockMargin;
  const revocation = { kind: 'token', id, ...known, revoked_at: now, expires_at } as const;
  const hasExpired = expires_at <= now;
  if (!hasExpired) await revocations.note(revocation);
  return { revocation, hasExpired };
}

function decoded(token: string) {
  if (token.length > mostCharacters) throw noJwt();
  try {
    return { typ: decodeProtectedHeader(token).typ, claims: decodeJwt(token) };
  } catch {
    throw noJwt();
  }
}

const noJwt = () => new RegistryError('input', 'this is no access token: it is no JWT');

const noToken = (issuer: string) =>
  new RegistryError('input', `this is no access token that ${issuer} has issued`);

const isJti = (text: string): boolean => /^[\x21-\x7E]{1,128}$/.test(text);

const numericDate = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const tokenSchema = (issuer: string) =>
  v.object({
    iss: v.literal(issuer),
    jti: v.pipe(v.string(), v.check(isJti)),
    client_id: v.pipe(v.string(), v.check(isClientId)),
    iat: numericDate,
    exp: numericDate,
    status: v.optional(
      v.object({
        status_list: v.object({
          idx: v.pipe(numericDate, v.maxValue(statusListSize - 1)),
          uri: v.pipe(v.string(), v.check(isListOf(issuer))),
        }),
      }),
    ),
  });

const isListOf = (issuer: string) => (uri: string) => {
  const number = uri.split('/').at(-1) ?? '';
  return /^(0|[1-9]\d{0,8})$/.test(number) && uri === issuer + statusListPath(number);
};
