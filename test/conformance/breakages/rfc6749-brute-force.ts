import { answerHeader, describedWhen, headerWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { credentialsOf, isTokenRequest, setHeader } from './message-in-hand.ts';
import { credentials } from './request-breakage.ts';

/** Breaks what RFC 6749 §2.3.1 asks for. */
export const bruteForceBreakages: BreakageTable = {
  'A11: an unknown client': {
    'says that a client is unknown': describedWhen(
      (_, request) => credentialsOf(request).includes('-no:'),
      () => 'unknown client',
    ),
    'has another header for an unknown client': headerWhen(
      (_, request) => credentialsOf(request).includes('-no:'),
      'X-Reason',
      'unknown',
    ),
  },
  'A11: whoever sends wrong secrets': {
    'does not say how long a lockout is': answerHeader('Retry-After'),
    'locks the client out with its right secret': lockout((request) =>
      credentialsOf(request).includes('-guessed:'),
    ),
    'locks everybody out': lockout(() => true),
    'never locks anybody out': freshNames(),
  },
};

/** After the first lockout these do not get anything any more. */
function lockout(isMeant: (request: RequestInHand) => boolean): Breakage {
  let isLocked = false;
  return {
    answer: (answer, request) => {
      if (!isTokenRequest(request)) return;
      isLocked ||= answer.status === 429;
      if (!isLocked || !isMeant(request)) return;
      Object.assign(answer, { status: 429, body: '{"error":"temporarily_unavailable"}' });
      setHeader(answer, 'Retry-After', '60');
    },
  };
}

/** Each wrong secret is another client's. */
function freshNames(): Breakage {
  let count = 0;
  return credentials((text) => {
    if (!text.includes('-guessed:wrong')) return text;
    count += 1;
    return `guessed-${count}:wrong`;
  });
}
