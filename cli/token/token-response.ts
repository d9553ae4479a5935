import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import * as v from 'valibot';
import { CliError } from '../io/cli-error.ts';
import { foreign } from '../io/foreign.ts';
import { isThrottled } from '../io/json-answer.ts';

/** An answer of the token endpoint, not parsed. */
export interface TokenAnswer {
  readonly status: number;
  /** Undefined: no JSON. */
  readonly body: unknown;
}

/** An answer with a token, and whatever else is in it (RFC 6749 §5.1). */
const issuedToken = v.looseObject({ access_token: v.string() });

/** An answer without one (RFC 6749 §5.2). */
const errorResponse = v.object({
  error: v.string(),
  error_description: v.fallback(v.optional(v.string()), undefined),
});

/** One that asks for a DPoP proof with the nonce that it brings (RFC 9449 §8). */
const nonceError = v.object({ error: v.literal('use_dpop_nonce') });

/** What the token endpoint answers with a token. */
export type AccessTokenResponse = Readonly<v.InferOutput<typeof issuedToken>>;

/** An access token's header and claims, decoded and not verified. */
export interface DecodedAccessToken {
  readonly header: ProtectedHeaderParameters;
  readonly claims: JWTPayload;
}

/** Whether the token endpoint asks for a nonce in the DPoP proof (RFC 9449 §8). */
export const wantsNonce = ({ body }: TokenAnswer): boolean => v.is(nonceError, body);

/**
 * Parses the answer of the token endpoint (RFC 6749 §5).
 * @param isBound whether a DPoP proof went with the request
 * @throws CliError with the error that it has in place of a token
 */
export function parseTokenAnswer(
  { status, body }: TokenAnswer,
  isBound: boolean,
): AccessTokenResponse {
  refuseThrottled('the token endpoint', { status, body });
  if (v.is(issuedToken, body)) return body;
  const refused = v.safeParse(errorResponse, body);
  if (!refused.success) {
    throw new CliError(`the token endpoint answered ${status} and neither a token nor an error`);
  }
  const { error, error_description } = refused.output;
  const told = foreign(error_description === undefined ? error : `${error}: ${error_description}`);
  const remedy = error === 'invalid_dpop_proof' && !isBound ? '; bind the token with --dpop' : '';
  throw new CliError(`${told}${remedy}`, 1, { code: 'token_refused' });
}

/**
 * Refuses an answer of the gateway in front, which lets no more requests through for now.
 * @throws CliError
 */
export function refuseThrottled(who: string, answer: TokenAnswer): void {
  if (!isThrottled(answer)) return;
  throw new CliError(
    `${who} answers 429: it gets more requests than its throttle lets through; try again in a moment`,
    1,
    { code: 'throttled' },
  );
}

/**
 * Decodes an access token (RFC 9068).
 * @throws CliError when it is no JWT
 */
export function decodeAccessToken(access_token: string): DecodedAccessToken {
  try {
    return { header: decodeProtectedHeader(access_token), claims: decodeJwt(access_token) };
  } catch {
    throw new CliError('the access token is no JWT');
  }
}
