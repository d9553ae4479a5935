import { type Answer, header } from '../../../cli/io/http.ts';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import { type ConformanceCase, check, type Deployment } from '../conformance-case.ts';
import { checkAlike } from '../protocol/answer-likeness.ts';
import { basicChallenge, parameter } from '../protocol/challenge.ts';
import {
  basic,
  checkInvalidClient,
  checkIssued,
  checkRefused,
  formText,
  inBody,
  requestToken,
  type TokenRequest,
} from '../protocol/token-request.ts';

/** RFC 6749 §5.2: what a refusal says, and what it does not. */
export const errorResponseCases: readonly ConformanceCase[] = [
  {
    rule: 'A19',
    section: 'RFC 6749 §5.2, RFC 8707 §2',
    title: 'errors are registered ones, in plain ASCII, and repeat nothing of the request',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const attempts: Readonly<Record<string, TokenRequest>> = {
        grant_type: { authorization, form: formText([['grant_type', hostile]]) },
        scope: { authorization, form: [['scope', hostile]] },
        resource: { authorization, form: [['resource', hostile]] },
        client_id: { form: inBody({ client_id: hostile, client_secret: hostile }) },
        Authorization: { authorization: `Basic ${marker}"<` },
      };
      for (const [where, request] of Object.entries(attempts)) {
        const answer = await requestToken(deployment, request);
        checkErrorGrammar(`the answer to a hostile ${where}`, answer);
      }
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A20',
    section: 'RFC 6749 §5.2, RFC 7617 §2, RFC 9110 §15.5.2',
    title: 'invalid_client is 401, with a challenge, where the Authorization header was used',
    uses: ['basic'],
    async run(deployment) {
      const wrong = { ...deployment.client('basic'), client_secret: 'wrong' };
      const attempts: Readonly<Record<string, string>> = {
        'a wrong secret by Basic': basic(wrong),
        'another scheme': 'Bearer e30.e30.e30',
      };
      for (const [what, authorization] of Object.entries(attempts)) {
        const answer = await requestToken(deployment, { authorization });
        checkRefused(what, answer, [401, 'invalid_client']);
        checkBasicChallenge(deployment, what, answer);
      }
      const authorization = basic(deployment.client('basic'));
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A20',
    section: 'RFC 6749 §5.2, RFC 9110 §15.5.2',
    title: 'invalid_client is 400 where no Authorization header was used, or 401 with a challenge',
    uses: ['post'],
    async run(deployment) {
      const client = deployment.client('post');
      const attempts: Readonly<Record<string, TokenRequest>> = {
        'a wrong secret in the body': { form: inBody({ ...client, client_secret: 'wrong' }) },
        'no credentials': {},
      };
      for (const [what, request] of Object.entries(attempts)) {
        const answer = await requestToken(deployment, request);
        checkInvalidClient(what, answer);
        deployment.saw(`${what} is answered ${answer.status}`);
        if (answer.status === 401) checkBasicChallenge(deployment, what, answer);
        // Libraries show a challenge in place of the error, whatever the status.
        else checkWithoutChallenge(what, answer);
      }
      checkIssued(await requestToken(deployment, { form: inBody(client) }));
    },
  },
  {
    rule: 'A21',
    section: 'RFC 6749 §5.2',
    title:
      'a disabled client, a revoked secret and an expired one get no token, and a wrong secret is told of neither',
    uses: ['basic', 'disabled', 'revoked', 'expired'],
    async run(deployment) {
      const { client_id, client_secret } = deployment.client('disabled');
      const ask = (authorization: string) => requestToken(deployment, { authorization });
      const unknown = await ask(basic({ client_id: `${client_id}-no`, client_secret }));
      checkInvalidClient('an unknown client', unknown);
      // That each of them was ever right, nobody can show from outside.
      for (const name of ['disabled', 'revoked', 'expired'] as const) {
        const client = deployment.client(name);
        const answer = await ask(basic(client));
        checkInvalidClient(`what is ${name}`, answer);
        // Its owner may be told why.
        deployment.saw(`what is ${name}: ${jsonObject(answer).error_description}`);
        const wrong = await ask(basic({ ...client, client_secret: 'wrong' }));
        checkAlike(`the answer to a wrong secret for what is ${name}`, wrong, unknown);
      }
      const revoked = await ask(basic(deployment.client('revoked')));
      checkAlike('the answer to a revoked secret', revoked, unknown);
      checkIssued(await ask(basic(deployment.client('basic'))));
    },
  },
];

/** RFC 7617 §2, §2.1: realm is required, charset optional. */
function checkBasicChallenge(deployment: Deployment, what: string, answer: Answer): void {
  const challenge = basicChallenge(what, answer);
  const realm = parameter(challenge, 'realm');
  check(realm !== undefined, `the challenge for ${what} has no realm`);
  const charset = parameter(challenge, 'charset');
  if (charset === undefined) deployment.saw(`the challenge for ${what} has no charset`);
  else check(/^utf-8$/i.test(charset), `charset in the challenge for ${what} is ${charset}`);
}

function checkWithoutChallenge(what: string, answer: Answer): void {
  const isChallenged = header(answer, 'www-authenticate') !== undefined;
  check(!isChallenged, `${what} is answered ${answer.status} and a challenge`);
}

const marker = 'q8ZtLx';
const hostile = `${marker}"\\<script>\r\nX-${marker}: é`;

const registered = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
]);

function checkErrorGrammar(what: string, answer: Answer): void {
  const { error, error_description = '', error_uri = '' } = jsonObject(answer);
  const status = error === 'invalid_client' && answer.status === 401 ? 401 : 400;
  check(answer.status === status, `${what} is ${answer.status} ${error}, not ${status}`);
  check(registered.has(String(error)), `${what} has the error ${error}`);
  check(isErrorText(error_description), `${what} has a wrong error_description`);
  check(isUriReference(error_uri), `${what} has a wrong error_uri`);
  const all = [answer.body, ...answer.headers.flat()].join('\n').toLowerCase();
  check(!all.includes(marker.toLowerCase()), `${what} repeats what was sent`);
}

const isErrorText = (text: unknown): boolean =>
  typeof text === 'string' && /^[\x20\x21\x23-\x5B\x5D-\x7E]*$/.test(text);

const isUriReference = (text: unknown): boolean =>
  typeof text === 'string' && /^[\x21\x23-\x5B\x5D-\x7E]*$/.test(text);
