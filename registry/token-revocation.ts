import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as v from 'valibot';
import { isClientId } from '../functions/oauth/client.ts';
import { longestAccessTokenLifetime } from '../functions/oauth/key-times.ts';
import type { Revocation } from '../functions/oauth/revocation.ts';
import { statusListPath, statusListSize } from '../functions/oauth/status-list.ts';
import {
  clockMargin,
  type TokenToRevoke,
  tokenRevocation,
} from '../functions/oauth/token-revocation.ts';
import type { Registry } from './registry.ts';
import { RegistryError } from './registry-error.ts';
import { requireRevocations } from './revocations.ts';

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

/** A token, by its `jti` alone if need be. Without its `exp` it is taken to live as long as a token can. */
export type NamedToken = Omit<TokenToRevoke, 'exp'> & Partial<Pick<TokenToRevoke, 'exp'>>;

/** What came of a token. */
export interface RevokedToken {
  /** Undefined: it had expired, and nothing was noted. */
  readonly revocation: Revocation | undefined;
  /** When nobody lets it in any more (NumericDate). */
  readonly expires_at: number;
}

/**
 * Revokes one token.
 * @throws RegistryError when the deployment is older than revocation, or the token lives longer than it can
 */
export async function revokeToken(
  registry: Registry,
  { exp, ...known }: NamedToken,
): Promise<RevokedToken> {
  const revocations = requireRevocations(registry);
  const now = await revocations.time();
  const latest = now + longestAccessTokenLifetime;
  if (exp !== undefined && exp > latest + clockMargin) {
    throw new RegistryError(
      'input',
      'the token lives longer than one of this deployment can: it has not signed it',
    );
  }
  const token = { ...known, exp: exp ?? latest };
  const revocation = tokenRevocation(token, now);
  if (revocation) await revocations.note(revocation);
  return { revocation, expires_at: revocation?.expires_at ?? token.exp + clockMargin };
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
