import { decodeJwt, type JWTPayload } from 'jose';
import { type Answer, NoAnswer } from '../../io/http.ts';
import { type JsonObject, jsonObject } from '../../io/json-answer.ts';
import { CannotCheck, problem } from '../findings/finding.ts';
import { shortened } from '../findings/foreign-value.ts';
import { requestTrouble } from '../findings/trouble.ts';

/** An access token as it was issued, and its claims, not verified. */
export interface IssuedToken {
  readonly access_token: string;
  readonly claims: JWTPayload;
}

/**
 * Reads the answer to a token request (RFC 6749 §5.1).
 * @throws CannotCheck when there is no JWT in it
 */
export function issuedToken(answer: Answer): IssuedToken {
  const { access_token, ...rest } = body(answer);
  if (typeof access_token !== 'string') throw refused(answer.status, rest);
  try {
    return { access_token, claims: decodeJwt(access_token) };
  } catch {
    throw new CannotCheck(
      problem('The access token is no JWT.', 'Look at what answers at the token endpoint.'),
    );
  }
}

/** The token of an answer, if there is one, whatever else is wrong with it. */
export function accessTokenOf(answer: Answer): string | undefined {
  try {
    const { access_token } = jsonObject(answer);
    return typeof access_token === 'string' && access_token !== '' ? access_token : undefined;
  } catch {
    return undefined;
  }
}

function body(answer: Answer): JsonObject {
  try {
    return jsonObject(answer);
  } catch (error) {
    throw error instanceof NoAnswer ? requestTrouble('The token request', error) : error;
  }
}

/** The token endpoint refused (RFC 6749 §5.2). */
function refused(status: number, { error, error_description }: JsonObject): CannotCheck {
  const why = [error, error_description].filter(isErrorText).map(shortened).join(': ');
  return new CannotCheck(
    problem(
      `The token endpoint answers ${status} and no token to a registered client (${why || 'with no error of RFC 6749'}).`,
      'Look at the client with `countersign client show`, at its secret, at its method if the deployment has strictClientSecretMethod, and at the log of the token function.',
    ),
  );
}

/** The characters of RFC 6749 §5.2. */
const isErrorText = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/.test(value);
