import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { Answer } from '../../../cli/io/http.ts';
import type { JsonObject } from '../../../cli/io/json-answer.ts';
import { type Deployment, Nonconformity } from '../conformance-case.ts';
import type { ClientName } from '../throw-away.ts';
import { basic, checkIssued, type Form, requestToken } from './token-request.ts';

/** An access token taken apart; nothing in it is verified yet. */
export interface ObtainedToken {
  readonly text: string;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** The members of the token response. */
  readonly response: JsonObject;
}

/**
 * Gets an access token for a client that authenticates with Basic, and takes it apart.
 * @throws Nonconformity when there is none, or none that is a JWT (RFC 9068 §2)
 */
export async function obtainToken(
  deployment: Deployment,
  name: ClientName,
  form: Form = [],
): Promise<ObtainedToken> {
  const authorization = basic(deployment.client(name));
  return tokenIn(await requestToken(deployment, { authorization, form }));
}

/**
 * Takes the access token in an answer apart.
 * @throws Nonconformity when there is none, or none that is a JWT (RFC 9068 §2)
 */
export function tokenIn(answer: Answer): ObtainedToken {
  const response = checkIssued(answer);
  const text = response.access_token;
  return { text, ...partsOf(text), response };
}

/**
 * Takes an access token apart.
 * @throws Nonconformity when it is no JWT (RFC 9068 §2)
 */
export function partsOf(text: string): Pick<ObtainedToken, 'header' | 'claims'> {
  try {
    return { header: { ...decodeProtectedHeader(text) }, claims: decodeJwt(text) };
  } catch {
    throw new Nonconformity('access_token is no JWT');
  }
}

/** The audience of a token as a list, which a single one need not be (RFC 7519 §4.1.3). */
export const audienceOf = ({ claims }: ObtainedToken): readonly unknown[] => [claims.aud].flat();
