import type { AnswerInHand, Breakage, RequestInHand } from './broken-deployment.ts';
import { formOf, setHeader } from './message-in-hand.ts';

export type Endpoint = '/revoke' | '/introspect' | '/revocation-list' | '/status-lists/0';

type Condition = (request: RequestInHand, answer: AnswerInHand) => boolean;

const isAt = ({ path }: RequestInHand, endpoint: Endpoint): boolean =>
  path.split('?')[0] === endpoint;

/** Answers otherwise at an endpoint. */
export function answeredAt(
  endpoint: Endpoint,
  condition: Condition,
  change: (answer: AnswerInHand, request: RequestInHand) => void,
): Breakage {
  return {
    answer: (answer, request) => {
      if (isAt(request, endpoint) && condition(request, answer)) change(answer, request);
    },
  };
}

/** Answers there with this status, and this object. */
export const saidAt = (
  endpoint: Endpoint,
  condition: Condition,
  status: number,
  members: object = {},
): Breakage =>
  answeredAt(endpoint, condition, (answer) => {
    Object.assign(answer, { status, body: JSON.stringify(members) });
    setHeader(answer, 'Content-Type', 'application/json');
  });

/** Has this header in its answers there. */
export const headerAt = (endpoint: Endpoint, name: string, value?: string): Breakage =>
  answeredAt(
    endpoint,
    () => true,
    (answer) => setHeader(answer, name, value),
  );

/** Has other members in an answer on a token: some of it, or all. */
export const toldAt = (condition: Condition, members: object): Breakage =>
  answeredAt('/introspect', condition, (answer) => {
    answer.body = JSON.stringify({ ...JSON.parse(answer.body), ...members });
  });

/** Reads another token there, where something is so. */
export const overlookedAt = (
  endpoint: Endpoint,
  condition: (request: RequestInHand) => boolean = () => true,
): Breakage => ({
  request: (request) => {
    if (!isAt(request, endpoint) || !condition(request)) return;
    const parameters = formOf(request);
    if (parameters.has('token')) parameters.set('token', 'overlooked');
    request.body = Buffer.from(parameters.toString());
  },
});

/** Has other claims in what it signs there. */
export const signedAt = (
  endpoint: Endpoint,
  change: (claims: Record<string, unknown>) => Readonly<Record<string, unknown>>,
): Breakage => ({
  signed: ({ claims }, request) => {
    if (isAt(request, endpoint)) Object.assign(claims, change(claims));
  },
});

/** Signs it with no key that it publishes. */
export const unsignedAt = (endpoint: Endpoint): Breakage =>
  answeredAt(
    endpoint,
    (_, { body }) => body.split('.').length === 3,
    (answer) => {
      const [header, payload, signature = ''] = answer.body.split('.');
      answer.body = [header, payload, signature.split('').reverse().join('')].join('.');
    },
  );

/** What a request there has for a parameter. */
export const parameterOf = (request: RequestInHand, name: string): string =>
  formOf(request).get(name) ?? '';

/** Whether an answer on a token says that it is of no use. */
export const isInactive: Condition = (_, { body }) => body === '{"active":false}';

/** Whether a request is about something that looks like a JWT. */
export const isAboutJwt = (request: RequestInHand): boolean =>
  parameterOf(request, 'token').split('.').length === 3;
