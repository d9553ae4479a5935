import { decodeJwt, type JWTPayload } from 'jose';
import { NoAnswer } from '../exchange.ts';
import { type JsonObject, jsonObject } from '../json-answer.ts';
import type { Heard } from './examination.ts';
import { CannotCheck, problem } from './finding.ts';
import { requestTrouble } from './trouble.ts';

/** An access token as it was issued, and its claims, not verified. */
export interface IssuedToken {
  readonly access_token: string;
  readonly claims: JWTPayload;
}

/**
 * Reads the answer to a token request (RFC 6749 §5.1).
 * @throws CannotCheck when there is no JWT in it
 */
export function issuedToken(answer: Heard): IssuedToken {
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

function body(answer: Heard): JsonObject {
  try {
    return jsonObject(answer);
  } catch (error) {
    throw error instanceof NoAnswer ? requestTrouble('The token request', error) : error;
  }
}

/** The token endpoint refused (RFC 6749 §5.2). */
function refused(status: number, { error, error_description }: JsonObject): CannotCheck {
  const why = [error, error_description].filter((part) => typeof part === 'string').join(': ');
  return new CannotCheck(
    problem(
      `The token endpoint answers ${status} and no token to a registered client (${why}).`,
      'Look at the client with `countersign client show`, at its secret, and at the log of the token function.',
    ),
  );
}
