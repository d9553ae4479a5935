import type { AnswerInHand, Breakage, RequestInHand } from './broken-deployment.ts';
import { isTokenRequest, setHeader } from './message-in-hand.ts';

/** Which answers are meant. */
type Condition = (answer: AnswerInHand, request: RequestInHand) => boolean;

/** Gives other answers at the token endpoint. */
export function answerWhen(
  condition: Condition,
  change: (answer: AnswerInHand, request: RequestInHand) => void,
): Breakage {
  return {
    answer: (answer, request) => {
      if (isTokenRequest(request) && condition(answer, request)) change(answer, request);
    },
  };
}

/** Gives a token. */
export function tokenWhen(condition: Condition): Breakage {
  return answerWhen(condition, (answer) => {
    answer.status = 200;
    answer.body = someToken;
  });
}

/** Refuses. */
export function errorWhen(condition: Condition, status: number, error: string): Breakage {
  return answerWhen(condition, (answer) => {
    answer.status = status;
    answer.body = JSON.stringify({ error });
  });
}

/** Answers as Amazon API Gateway does after its function has failed. */
export function crashWhen(condition: (request: RequestInHand) => boolean): Breakage {
  const change = (answer: AnswerInHand) => {
    answer.status = 500;
    answer.body = '{"message":"Internal Server Error"}';
  };
  return answerWhen((_, request) => condition(request), change);
}

/** Has another description of the error. */
export function describedWhen(
  condition: Condition,
  description: (request: RequestInHand) => string,
): Breakage {
  return answerWhen(condition, (answer, request) => {
    const members = JSON.parse(answer.body);
    answer.body = JSON.stringify({ ...members, error_description: description(request) });
  });
}

/** Says one error for another. */
export function saidAs(error: string, other: string): Breakage {
  return answerWhen(
    ({ body }) => body.includes(`"${error}"`),
    (answer) => {
      answer.body = answer.body.replace(error, other);
    },
  );
}

/** Answers with a header, or without it, at every endpoint. */
export function answerHeader(name: string, value?: string): Breakage {
  return { answer: (answer) => setHeader(answer, name, value) };
}

/** The same where the token endpoint answers so. */
export function headerWhen(condition: Condition, name: string, value?: string): Breakage {
  return answerWhen(condition, (answer) => setHeader(answer, name, value));
}

/** Has other parts in an answer at a path, or another body. */
export function answerAt(
  pattern: RegExp,
  change: Partial<AnswerInHand> | ((body: string) => string),
): Breakage {
  return {
    answer: (answer, { path }) => {
      if (!pattern.test(path)) return;
      Object.assign(answer, typeof change === 'function' ? { body: change(answer.body) } : change);
    },
  };
}

/** Looks right from outside; nobody has signed it. */
const someToken = JSON.stringify({
  access_token: 'eyJhbGciOiJub25lIn0.eyJhdWQiOiJ4In0.',
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'orders:read',
});
