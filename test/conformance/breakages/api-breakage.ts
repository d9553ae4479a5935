import type { AnswerInHand, Breakage, RequestInHand } from './broken-deployment.ts';
import { headerOf, setHeader } from './message-in-hand.ts';

/** Which answers are meant. */
type Condition = (answer: AnswerInHand, request: RequestInHand) => boolean;

/** A token on its way to the API. */
interface SentToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly parts: readonly string[];
}

/** Lets in whom it should not. */
export function letIn(condition: (request: RequestInHand) => boolean): Breakage {
  return apiAnswerWhen(
    (_, request) => condition(request),
    (answer) => {
      answer.status = 200;
    },
  );
}

/** Lets in such tokens, whatever their signature. */
export function letInToken(condition: (token: SentToken) => boolean): Breakage {
  return letIn((request) => {
    const token = sentToken(request);
    return token !== undefined && condition(token);
  });
}

/** Lets nobody in. */
export function closedApi(): Breakage {
  return {
    apiAnswer: (answer) => {
      if (answer.status < 300) answer.status = 403;
    },
  };
}

/** Refuses with another status. */
export function refusedWith(status: number, condition: Condition): Breakage {
  return apiAnswerWhen(condition, (answer) => {
    answer.status = status;
  });
}

/** Refuses what is not malformed with another challenge, or none. */
export function challenge(value: string | undefined, condition: Condition = isRefusal): Breakage {
  return apiAnswerWhen(condition, (answer) => {
    setHeader(answer, 'WWW-Authenticate', value);
    // By this an HTTP API would be excused.
    setHeader(answer, 'apigw-requestid');
  });
}

/** Reads other Authorization headers. */
export function apiAuthorization(change: (value: string) => string): Breakage {
  return {
    apiRequest: (request) => {
      request.headers = request.headers.map(([name, value]) =>
        /^authorization$/i.test(name) ? [name, change(value)] : [name, value],
      );
    },
  };
}

/** Whether nobody says who calls. */
export function isWithoutToken(request: RequestInHand): boolean {
  return headerOf(request, 'authorization') === '';
}

/** Whether what should be a token has a space in it. */
export function isMalformed(request: RequestInHand): boolean {
  return headerOf(request, 'authorization') === 'Bearer a b';
}

function apiAnswerWhen(condition: Condition, change: (answer: AnswerInHand) => void): Breakage {
  return {
    apiAnswer: (answer, request) => {
      if (condition(answer, request)) change(answer);
    },
  };
}

function isRefusal({ status }: AnswerInHand, request: RequestInHand): boolean {
  return status > 399 && !isMalformed(request);
}

function sentToken(request: RequestInHand): SentToken | undefined {
  const [, text = ''] = /^Bearer (.*)$/.exec(headerOf(request, 'authorization')) ?? [];
  const parts = text.split('.');
  try {
    const [header = {}, claims = {}] = parts.slice(0, 2).map(decoded);
    return { header, claims, parts };
  } catch {
    return undefined;
  }
}

const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
