import { createHash, randomUUID, X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { HttpFunction } from '../../functions/http/http-function.ts';
import { api } from '../support/a-client.ts';
import {
  type AskingClient,
  clientsOfEveryMethod,
  type everyMethod,
} from '../support/clients-of-every-method.ts';
import { dpopKey, signProof } from '../support/dpop.ts';
import { httpApiEvent, type RequestInit } from '../support/http-api-event.ts';

/** A request among many, and what is to come of it alone. */
export interface Visit {
  readonly init: RequestInit;
  /** Of the answer, of the token in it and of its audit line. */
  readonly expected: object;
}

/** What has come of a visit. */
export interface Outcome {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** The claims of its token. */
  readonly token: Readonly<Record<string, unknown>> | undefined;
  /** The audit lines with its request_id. */
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

/** Where visits are made to. */
export interface Visited {
  readonly handler: HttpFunction;
  /** What standard output has got, each write as it was. */
  readonly written: string[];
}

/** Makes all visits at the same time, each from a source and by a request_id of its own. */
export async function visitTogether(
  { handler, written }: Visited,
  visits: readonly Visit[],
): Promise<readonly Outcome[]> {
  const ids = visits.map(() => randomUUID());
  const answers = await Promise.all(
    visits.map(({ init }, count) => {
      const event = httpApiEvent({ sourceIp: sourceOf(ids[count]), ...init });
      const requestContext = { ...event.requestContext, requestId: ids[count] };
      return handler({ ...event, requestContext }, init.context);
    }),
  );
  const lines = written.splice(0).map((text) => {
    if (!/^[^\n]+\n$/.test(text)) throw new Error('a write is not one line');
    return JSON.parse(text).audit;
  });
  return answers.map((answer, count) => {
    const body = JSON.parse(answer.body);
    const token = body.access_token && { ...nothing, ...decodeJwt(body.access_token) };
    const own = lines
      .filter(({ request_id }) => request_id === ids[count])
      .map((line) => ({ ...nothing, ...line }));
    return { statusCode: answer.statusCode, headers: answer.headers, body, token, lines: own };
  });
}

/** What is looked for where it must not be. */
const nothing = { client_id: undefined, cnf: undefined, reused: undefined };

/** IPv6 addresses of as many networks. */
const sourceOf = (id = ''): string => `2001:db8:${id.slice(0, 4)}:${id.slice(4, 8)}::1`;

const grant = 'grant_type=client_credentials';

/** That a client gets its token, and what its line says of that. */
export const granted = (client_id: string, claims: object = {}) => ({
  statusCode: 200,
  token: { client_id, sub: client_id, aud: api, scope: 'read write', cnf: undefined, ...claims },
  lines: [{ outcome: 'issued', client_id, aud: api, scope: 'read write' }],
});

/** That it does not. */
export const refused = (statusCode: number, error: string, line: object = {}) => ({
  statusCode,
  body: { error },
  token: undefined,
  lines: [{ outcome: statusCode === 503 ? 'failed' : 'refused', error, ...line }],
});

/** A certificate's thumbprint, for a client whose tokens are bound to it. */
const certified = ({ client }: AskingClient, { certificate = '' }: RequestInit) =>
  client.tls_client_certificate_bound_access_tokens
    ? {
        cnf: {
          'x5t#S256': createHash('sha256')
            .update(new X509Certificate(certificate).raw)
            .digest('base64url'),
        },
      }
    : {};

/** Clients of every method, by its own credentials and by another's. */
export async function ofEveryMethod(clients: readonly AskingClient[]): Promise<Visit[]> {
  const visits = clients.map(async (asking): Promise<Visit[]> => {
    const { client_id, token_endpoint_auth_method: auth_method } = asking.client;
    const [right, wrong] = await Promise.all([asking.ask(true), asking.ask(false)]);
    const own = granted(client_id, certified(asking, right));
    const line = { ...own.lines[0], auth_method };
    const status = wrong.headers?.authorization === undefined ? 400 : 401;
    return [
      { init: right, expected: { ...own, lines: [line] } },
      { init: wrong, expected: refused(status, 'invalid_client', { client_id }) },
    ];
  });
  return (await Promise.all(visits)).flat();
}

/** A request with a proof by a key of its own, which the token is bound to. */
export async function withProof(
  { client, ask }: AskingClient,
  { issuer, nonce }: { readonly issuer: string; readonly nonce?: string | undefined },
): Promise<Visit> {
  const key = await dpopKey();
  const dpop = await signProof(key, { claims: { htu: `${issuer}/token`, nonce } });
  const init = await ask(true);
  const needsNonce = {
    ...refused(400, 'use_dpop_nonce', { client_id: client.client_id }),
    headers: { 'DPoP-Nonce': nonceOfOurs },
  };
  const { kty, crv, x, y } = key.jwk;
  const jkt = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  const bound = {
    ...granted(client.client_id, { cnf: { jkt } }),
    headers: { 'DPoP-Nonce': nonceOfOurs },
  };
  return {
    init: { ...init, headers: { ...init.headers, dpop } },
    expected: nonce === undefined ? needsNonce : bound,
  };
}

const nonceOfOurs = { asymmetricMatch: (value: unknown) => /^[\w-]{30}$/.test(String(value)) };

/** Requests that are refused by rules, each by another one. */
export async function refusedByRules(asking: AskingClient): Promise<Visit[]> {
  const { client_id } = asking.client;
  const right = await asking.ask(true);
  const body = (more: string) => ({ ...right, body: `${right.body}&${more}` });
  return [
    { init: body('scope=delete'), expected: refused(400, 'invalid_scope', { client_id }) },
    {
      init: body('resource=https%3A%2F%2Fother.example.com'),
      expected: refused(400, 'invalid_target', { client_id }),
    },
    { init: body('scope=%zz'), expected: refused(400, 'invalid_request') },
    {
      init: { ...right, body: 'grant_type=password' },
      expected: refused(400, 'unsupported_grant_type'),
    },
    { init: { body: grant }, expected: refused(400, 'invalid_client') },
    {
      init: { ...right, method: 'GET' },
      expected: { statusCode: 405, token: undefined, lines: [] },
    },
    {
      init: { body: `${grant}&client_id=nobody&client_secret=a` },
      expected: refused(400, 'invalid_client', { client_id: undefined }),
    },
  ];
}

/** Makes a client of a method whose keys are behind a URL. */
export const aClientOf = async (
  method: (typeof everyMethod)[number],
  client_id: string,
  { issuer, published }: { readonly issuer: string; readonly published: string },
): Promise<AskingClient> => clientsOfEveryMethod[method]({ client_id, issuer, published });
