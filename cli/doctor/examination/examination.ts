import { randomUUID } from 'node:crypto';
import { type DocumentName, documentUrl } from '../../command/metadata-document.ts';
import { type Answer, NoAnswer, type Outgoing, sendHttp } from '../../io/http.ts';
import { type JsonObject, jsonObject } from '../../io/json-answer.ts';
import { CannotCheck, notChecked, problem } from '../findings/finding.ts';
import { shownUrl } from '../findings/foreign-value.ts';
import { createRedaction, type Redaction } from '../findings/redaction.ts';
import { within } from '../findings/time-limit.ts';
import { needed, refuseThrottled, requestTrouble, seeTo } from '../findings/trouble.ts';
import { accessTokenOf, issuedToken } from './issued-token.ts';
import { parseEndpoint, type SecretMethod, secretMethod } from './metadata.ts';
import type { Credentials, Subject } from './subject.ts';
import { revocationRequest, strangeOrigin, tokenRequest } from './token-request.ts';

/** An answer, and when it came (NumericDate). */
export interface DatedAnswer extends Answer {
  readonly at: number;
}

/** An answer with a JSON object in it. */
export interface DatedJson extends DatedAnswer {
  readonly json: JsonObject;
}

type EndpointName = 'token_endpoint' | 'jwks_uri' | 'revocation_endpoint' | 'revocation_list_uri';

/**
 * A subject, and what it has answered so far. The first check that needs a request makes it, and
 * later ones share its answer. All functions throw CannotCheck when there is no such answer.
 */
export interface Examination {
  /** Its templates are read once. */
  readonly subject: Subject;
  readonly redaction: Redaction;
  /** Makes a request that no other check needs. */
  readonly ask: (outgoing: Outgoing) => Promise<DatedAnswer>;
  readonly document: (name: DocumentName) => Promise<DatedJson>;
  readonly endpoint: (name: EndpointName) => Promise<URL>;
  readonly jwkSet: () => Promise<DatedJson>;
  /** What the token endpoint answers to a client that is not registered. */
  readonly refusal: () => Promise<DatedAnswer>;
  /** What it answers to the client of the subject. */
  readonly token: () => Promise<DatedAnswer>;
  /** What the revocation endpoint answers to that client, about its token; nothing needs the token after that. */
  readonly revocation: () => Promise<DatedAnswer>;
}

/** Begins to examine a subject. */
export function createExamination(subject: Subject): Examination {
  const ask = async (outgoing: Outgoing): Promise<DatedAnswer> => {
    const answer = await sendHttp(outgoing, subject.limit).catch((error) => {
      throw requestTrouble(nameOf(outgoing), error);
    });
    refuseThrottled(nameOf(outgoing), answer);
    return { ...answer, at: subject.now() };
  };
  const document = documentsOf(subject, ask);
  const endpoint: Examination['endpoint'] = async (name) => {
    const metadata = document('oauth-authorization-server');
    const { json } = await needed(metadata, 'the metadata');
    const url = parseEndpoint(json[name]);
    if (url) return url;
    const what = `This needs the ${name}, and the metadata have none that is a fit https URL.`;
    throw new CannotCheck(notChecked(what, seeTo('issuer')));
  };
  const redaction = createRedaction();
  const beginning = { subject: withTemplatesOnce(subject), redaction, ask, document, endpoint };
  const token = once(() => askToken(beginning));
  return {
    ...beginning,
    jwkSet: once(async () => askJson(ask, await endpoint('jwks_uri'))),
    refusal: once(async () => ask(tokenRequest(await endpoint('token_endpoint'), unknownClient()))),
    token,
    revocation: once(async () => askRevocation(beginning, await token())),
  };
}

function documentsOf({ issuer }: Subject, ask: Examination['ask']): Examination['document'] {
  const read = (name: DocumentName) => once(() => askJson(ask, documentUrl(issuer, name)));
  const documents = {
    'oauth-authorization-server': read('oauth-authorization-server'),
    'openid-configuration': read('openid-configuration'),
  };
  return (name) => documents[name]();
}

const withTemplatesOnce = (subject: Subject): Subject => ({
  ...subject,
  templates: subject.templates.map((source) => ({ ...source, read: once(source.read) })),
});

type Beginning = Omit<Examination, 'jwkSet' | 'refusal' | 'token' | 'revocation'>;

async function askToken(beginning: Beginning): Promise<DatedAnswer> {
  const { subject, redaction, ask, endpoint } = beginning;
  const url = await endpoint('token_endpoint');
  const method = await trustedMethod(beginning);
  const client = await within(subject.client(), subject.limit, noClientInTime);
  redaction.hideCredentials(client);
  const answer = await ask(tokenRequest(url, client, method));
  const access_token = accessTokenOf(answer);
  if (access_token !== undefined) redaction.hideToken(access_token);
  return answer;
}

/** With `tokenReuse` others may have the same token of a client that is in use. */
async function askRevocation(beginning: Beginning, token: DatedAnswer): Promise<DatedAnswer> {
  const { subject, ask, endpoint } = beginning;
  const url = await endpoint('revocation_endpoint');
  const method = await trustedMethod(beginning);
  const client = await subject.client();
  if (!client.isThrowAway) throw new CannotCheck(tokenInUse);
  const { access_token } = issuedToken(token);
  return ask(revocationRequest(url, client, { method, token: access_token }));
}

async function trustedMethod({ subject, document }: Beginning): Promise<SecretMethod> {
  const metadata = await document('oauth-authorization-server');
  checkTrust(subject, metadata);
  const method = secretMethod(metadata.json);
  if (!method) throw new CannotCheck(noSecretMethod);
  return method;
}

const tokenInUse = notChecked(
  'The token of a client that is named is not revoked, since others may have it.',
  'Leave out --client-id, so that a client is registered for the examination alone.',
);

/** RFC 8414 §3.3: metadata of another issuer do not say where to send a secret. */
function checkTrust({ issuer }: Subject, { json }: DatedJson): void {
  if (json.issuer === issuer) return;
  const what = 'A secret is not sent where the metadata of another issuer point.';
  throw new CannotCheck(notChecked(what, seeTo('issuer')));
}

const noSecretMethod = notChecked(
  'The metadata have no client_secret_basic and no client_secret_post, by which this gets a token.',
  'Get one with `countersign token`, which shows it decoded.',
);

const noClientInTime = problem(
  'No client was registered in time to get a token with.',
  'Look at the registry table and at the way to it, or name a client with --client-id.',
);

const unknownClient = (): Credentials => ({
  client_id: `doctor-${randomUUID()}`,
  client_secret: 'wrong',
});

async function askJson(ask: Examination['ask'], url: URL): Promise<DatedJson> {
  const answer = await ask({ url, headers: [['Origin', strangeOrigin]] });
  try {
    const json = jsonObject(answer);
    if (answer.status !== 200) throw new NoAnswer(`it answers ${answer.status}`);
    return { ...answer, json };
  } catch (error) {
    throw requestTrouble(nameOf({ url }), error);
  }
}

const nameOf = ({ method = 'GET', url }: Outgoing): string => `${method} ${shownUrl(url)}`;

/** Does something the first time it is wanted; whoever comes later shares the result. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
