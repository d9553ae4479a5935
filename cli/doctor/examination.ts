import { randomUUID } from 'node:crypto';
import { type Answer, NoAnswer, type Outgoing, sendHttp } from '../io/http.ts';
import { type JsonObject, jsonObject } from '../io/json-answer.ts';
import { type Confidences, createConfidences } from './confidences.ts';
import { CannotCheck, notChecked, problem } from './finding.ts';
import { shownUrl } from './foreign-value.ts';
import { accessTokenOf } from './issued-token.ts';
import { once } from './once.ts';
import { isEndpoint } from './plain-url.ts';
import type { Credentials, Subject } from './subject.ts';
import { within } from './time-limit.ts';
import { strangeOrigin, tokenRequest } from './token-request.ts';
import { needed, requestTrouble } from './trouble.ts';
import { documentUrl, type WellKnown } from './well-known.ts';

/** An answer, and when it came (NumericDate). */
export interface Heard extends Answer {
  readonly at: number;
}

/** An answer with a JSON object in it. */
export interface HeardJson extends Heard {
  readonly json: JsonObject;
}

/**
 * A subject, and what it has answered so far. Each request is made once, by whoever needs it
 * first. All throw CannotCheck when there is no such answer.
 */
export interface Examination {
  readonly subject: Subject;
  readonly confidences: Confidences;
  readonly ask: (outgoing: Outgoing) => Promise<Heard>;
  readonly document: (name: WellKnown) => Promise<HeardJson>;
  readonly endpoint: (name: 'token_endpoint' | 'jwks_uri') => Promise<URL>;
  readonly jwkSet: () => Promise<HeardJson>;
  /** What the token endpoint answers to a client that nobody knows. */
  readonly refusal: () => Promise<Heard>;
  /** What it answers to a client that is registered. */
  readonly token: () => Promise<Heard>;
}

/** Begins to examine a subject. */
export function createExamination(subject: Subject): Examination {
  const ask = async (outgoing: Outgoing): Promise<Heard> => {
    const answer = await sendHttp(outgoing, subject.limit).catch((error) => {
      throw requestTrouble(nameOf(outgoing), error);
    });
    return { ...answer, at: subject.now() };
  };
  const document = documentsOf(subject, ask);
  const endpoint: Examination['endpoint'] = async (name) => {
    const metadata = document('oauth-authorization-server');
    const { json } = await needed(metadata, { what: 'the metadata', check: 'issuer' });
    return parseEndpoint(name, json[name]);
  };
  const beginning = { subject, confidences: createConfidences(), ask, document, endpoint };
  return {
    ...beginning,
    jwkSet: once(async () => askJson(ask, await endpoint('jwks_uri'))),
    refusal: once(async () => ask(tokenRequest(await endpoint('token_endpoint'), nobody()))),
    token: once(() => askToken(beginning)),
  };
}

function documentsOf({ issuer }: Subject, ask: Examination['ask']): Examination['document'] {
  const read = (name: WellKnown) => once(() => askJson(ask, documentUrl(issuer, name)));
  const documents = {
    'oauth-authorization-server': read('oauth-authorization-server'),
    'openid-configuration': read('openid-configuration'),
  };
  return (name) => documents[name]();
}

async function askToken({
  subject,
  confidences,
  ask,
  document,
  endpoint,
}: Omit<Examination, 'jwkSet' | 'refusal' | 'token'>): Promise<Heard> {
  const url = await endpoint('token_endpoint');
  const metadata = await document('oauth-authorization-server');
  checkTrust(subject, metadata);
  checkSecrets(metadata);
  const client = await within(subject.client(), subject.limit, noClientInTime);
  confidences.keepCredentials(client);
  const answer = await ask(tokenRequest(url, client));
  const access_token = accessTokenOf(answer);
  if (access_token !== undefined) confidences.keepToken(access_token);
  return answer;
}

/** RFC 8414 §3.3: no secret goes where metadata of another issuer point. */
function checkTrust({ issuer }: Subject, { json }: HeardJson): void {
  if (json.issuer === issuer) return;
  const what = 'A secret is not sent where the metadata of another issuer point.';
  throw new CannotCheck(notChecked(what, 'See to what issuer says first.'));
}

/** RFC 8414 §2: without the member, client_secret_basic is what there is. */
function checkSecrets({ json }: HeardJson): void {
  const { token_endpoint_auth_methods_supported: methods } = json;
  if (!Array.isArray(methods) || methods.includes('client_secret_basic')) return;
  const what = 'The metadata have no client_secret_basic, by which this gets a token.';
  const remedy = 'Get one with `countersign token`, which shows it decoded.';
  throw new CannotCheck(notChecked(what, remedy));
}

const noClientInTime = problem(
  'No client was registered in time to get a token with.',
  'Look at the registry table and at the way to it, or name a client with --client-id.',
);

const nobody = (): Credentials => ({
  client_id: `doctor-${randomUUID()}`,
  client_secret: 'wrong',
});

async function askJson(ask: Examination['ask'], url: URL): Promise<HeardJson> {
  const answer = await ask({ url, headers: [['Origin', strangeOrigin]] });
  try {
    const json = jsonObject(answer);
    if (answer.status !== 200) throw new NoAnswer(`it answers ${answer.status}`);
    return { ...answer, json };
  } catch (error) {
    throw requestTrouble(nameOf({ url }), error);
  }
}

function parseEndpoint(name: string, value: unknown): URL {
  const url = typeof value === 'string' ? URL.parse(value) : undefined;
  if (url && isEndpoint(url)) return url;
  const what = `This needs the ${name}, and the metadata have none that is a fit https URL.`;
  throw new CannotCheck(notChecked(what, 'See to what issuer says first.'));
}

const nameOf = ({ method = 'GET', url }: Outgoing): string => `${method} ${shownUrl(url)}`;
