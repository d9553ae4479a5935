import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, HeaderList } from '../../../cli/io/http.ts';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import { check, checkSame, type Deployment, NotOffered } from '../conformance-case.ts';
import type { EndpointName } from '../endpoints.ts';
import type { ClientName } from '../throw-away.ts';
import { fetchMetadata } from './metadata.ts';
import { basic, type Form, formText, formType } from './token-request.ts';

/** What is sent to an endpoint at which clients authenticate. */
interface ClientRequest {
  /** The client that authenticates with Basic; absent: nobody does. */
  readonly by?: ClientName;
  readonly form: Form;
  readonly headers?: HeaderList;
  /** @default 'POST' */
  readonly method?: string;
}

/** @throws NotOffered unless the metadata has this member */
export async function checkOffered(deployment: Deployment, name: EndpointName): Promise<void> {
  const metadata = await fetchMetadata(deployment);
  if (metadata[name] === undefined) throw new NotOffered(`the metadata has no ${name}`);
}

/** Sends a form to an endpoint. */
export function sendForm(
  deployment: Deployment,
  name: EndpointName,
  { by, form, headers = [], method = 'POST' }: ClientRequest,
): Promise<Answer> {
  const credentials = by && ([['Authorization', basic(deployment.client(by))]] as const);
  const url = new URL(deployment.endpoint(name));
  const isInUrl = method === 'GET';
  if (isInUrl) url.search = formText(form);
  return deployment.send({
    url,
    method,
    headers: [...(credentials ?? []), formType, ...headers],
    ...(!isInUrl && { body: formText(form) }),
  });
}

/** Asks for a token to be revoked (RFC 7009 §2.1). */
export const revoke = (
  deployment: Deployment,
  by: ClientName,
  token: string,
  more: Form = [],
): Promise<Answer> =>
  sendForm(deployment, 'revocation_endpoint', { by, form: [['token', token], ...more] });

/** Asks what a token is worth (RFC 7662 §2.1). */
export const introspect = (
  deployment: Deployment,
  token: string,
  by: ClientName = 'asker',
): Promise<Answer> =>
  sendForm(deployment, 'introspection_endpoint', { by, form: [['token', token]] });

/** Checks that an answer says this of a token: `active` and, where it is, some claims (RFC 7662 §2.2). */
export function checkActive(what: string, answer: Answer): ReturnType<typeof jsonObject> {
  checkSame(`the status of the answer on ${what}`, answer.status, 200);
  const members = jsonObject(answer);
  checkSame(`active of ${what}`, members.active, true);
  return members;
}

/** Checks that an answer says no more of a token than that it is of no use (RFC 7662 §2.2). */
export function checkInactive(what: string, answer: Answer): void {
  checkSame(`the status of the answer on ${what}`, answer.status, 200);
  checkSame(`the answer on ${what}`, jsonObject(answer), { active: false });
}

/** Seconds after which what was revoked has to be known to an issuer. */
const known = 5;

/**
 * Waits until something is so that a revocation brings about, for a few seconds.
 * @throws Nonconformity with what is then still the case
 */
export async function checkSoon(otherwise: string, isSo: () => Promise<boolean>): Promise<void> {
  const latest = performance.now() + known * 1000;
  while (!(await isSo())) {
    check(performance.now() < latest, `${otherwise} ${known} s later`);
    await delay(200);
  }
}

/** Whether the issuer says that a token is of use. */
export async function isActive(deployment: Deployment, token: string): Promise<boolean> {
  return jsonObject(await introspect(deployment, token)).active === true;
}
