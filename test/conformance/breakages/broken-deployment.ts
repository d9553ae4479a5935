import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type HeaderList, sendHttp } from '../../../cli/io/http.ts';
import { guardGateway } from '../../../local/io/guard.ts';
import { close, listen } from '../../../local/io/http-server.ts';
import { startTestStack, type TestStack } from '../../support/local-stack.ts';
import { headerOf } from './message-in-hand.ts';
import { newTokenForge, type TokenForge, type TokenInHand } from './token-forge.ts';

/** A request on its way in. */
export interface RequestInHand {
  /** Where the client sent it. */
  readonly origin: string;
  method: string;
  /** With the query. */
  path: string;
  headers: HeaderList;
  body: Buffer;
}

/** An answer on its way out. */
export interface AnswerInHand {
  status: number;
  headers: HeaderList;
  body: string;
}

type Json = Record<string, unknown>;

/** What is broken. Each part changes what it is given. */
export interface Breakage {
  readonly request?: (request: RequestInHand) => void;
  readonly answer?: (answer: AnswerInHand, request: RequestInHand) => void;
  /** The members of a token response. */
  readonly token?: (response: Json) => void;
  /** What is in an access token, which is signed afterwards. */
  readonly accessToken?: (token: TokenInHand, request: RequestInHand) => void;
  /** What is in another JWT of the issuer: a list of what is revoked, an answer about a token. */
  readonly signed?: (jwt: TokenInHand, request: RequestInHand) => void;
  readonly metadata?: (metadata: Json) => void;
  readonly jwkSet?: (keys: Json[]) => void;
  /** The same for the API behind the authorizer. */
  readonly apiRequest?: Breakage['request'];
  readonly apiAnswer?: Breakage['answer'];
}

/** A deployment that stands behind something that can break it. */
export interface BrokenDeployment {
  readonly stack: TestStack;
  readonly issuer: string;
  readonly api: string;
  /** From now on this is broken, and nothing else. */
  break(breakage: Breakage): void;
  stop(): Promise<void>;
}

/**
 * Starts a local stack behind proxies that change what passes through. They sign its tokens anew
 * with a key of their own, which stands in the JWK Set, so that wrong tokens have right signatures.
 */
export async function startBrokenDeployment(): Promise<BrokenDeployment> {
  const forge = await newTokenForge();
  let broken: Breakage = {};
  const targets = { issuer: '', api: '' };
  const issuerProxy = proxy(
    () => targets.issuer,
    (request) => {
      broken.request?.(request);
      nameOriginal(request, forge);
    },
    async (answer, request) => {
      await changeDocuments(answer, request, { broken, forge });
      broken.answer?.(answer, request);
    },
  );
  const apiProxy = proxy(
    () => targets.api,
    (request) => broken.apiRequest?.(request),
    (answer, request) => {
      if (request.path.startsWith('/.well-known/')) asOfProxy(answer, targets.api, request);
      broken.apiAnswer?.(answer, request);
    },
  );
  const issuer = `http://127.0.0.1:${await listen(issuerProxy)}`;
  const api = `http://127.0.0.1:${await listen(apiProxy)}`;
  const stack = await startTestStack({ issuer });
  targets.issuer = stack.url;
  targets.api = stack.api;
  return {
    stack,
    issuer,
    api,
    break: (breakage) => {
      broken = breakage;
    },
    stop: async () => {
      await Promise.all([close(issuerProxy), close(apiProxy)]);
      await stack.stop();
    },
  };
}

/** Headers that belong to one connection, not to what is passed on. */
const ofOneConnection = new Set([
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
]);

const passedOn = (headers: HeaderList): HeaderList =>
  headers.filter(([name]) => !ofOneConnection.has(name.toLowerCase()));

function proxy(
  target: () => string,
  changeRequest: (request: RequestInHand) => void,
  changeAnswer: (answer: AnswerInHand, request: RequestInHand) => void | Promise<void>,
) {
  const server = createServer({ maxHeaderSize: 64 * 1024 }, async (message, response) => {
    const { method = '', url: path = '', rawHeaders } = message;
    const origin = `http://${message.headers.host}`;
    const pairs = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
    );
    const body = await buffer(message);
    const request = { origin, method, path, headers: passedOn(pairs), body };
    try {
      changeRequest(request);
      const came = await sendHttp({ ...request, url: new URL(target() + request.path) });
      const answer = { ...came, headers: passedOn(came.headers) };
      await changeAnswer(answer, request);
      response.writeHead(answer.status, answer.headers.flat()).end(answer.body);
    } catch (error) {
      response.destroy();
      throw error;
    }
  });
  guardGateway(server);
  return server;
}

/** The deployment knows none of the tokens that were signed anew. */
function nameOriginal(request: RequestInHand, forge: TokenForge): void {
  if (!/^\/(revoke|introspect)$/.test(request.path)) return;
  const named = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(request.body.toString())) {
    named.append(name, name === 'token' ? forge.originalOf(value) : value);
  }
  request.body = Buffer.from(named.toString());
}

/** The API's metadata say where it is (RFC 9728 §3.3): for clients that is the proxy. */
function asOfProxy(answer: AnswerInHand, api: string, { origin }: RequestInHand): void {
  answer.body = answer.body.replaceAll(api, origin);
}

async function changeDocuments(
  answer: AnswerInHand,
  request: RequestInHand,
  { broken, forge }: { broken: Breakage; forge: TokenForge },
): Promise<void> {
  if (answer.status !== 200 || answer.body === '') return;
  if (headerOf(answer, 'content-type').includes('+jwt')) {
    answer.body = await forge.resign(answer.body, (jwt) => broken.signed?.(jwt, request));
    return;
  }
  const members = JSON.parse(answer.body);
  if (typeof members.access_token === 'string') {
    members.access_token = await forge.resign(members.access_token, (token) =>
      broken.accessToken?.(token, request),
    );
    broken.token?.(members);
  }
  if (members.issuer !== undefined) broken.metadata?.(members);
  if (request.path.endsWith('/jwks.json')) {
    members.keys = [{ ...forge.jwk }];
    broken.jwkSet?.(members.keys);
  }
  answer.body = JSON.stringify(members);
}
