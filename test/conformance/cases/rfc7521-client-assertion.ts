import type { ConformanceCase } from '../conformance-case.ts';
import {
  assertionCase,
  assertionOf,
  byAssertion,
  checkEachRefused,
  jwtBearerType,
  requestByAssertion,
} from '../protocol/client-assertion.ts';
import {
  checkIssued,
  checkNotAuthenticated,
  checkRefused,
  type Form,
  requestToken,
} from '../protocol/token-request.ts';

/** RFC 7521 §4.2, RFC 7523 §2.2: how an assertion comes to the token endpoint. */
export const clientAssertionCases: readonly ConformanceCase[] = [
  assertionCase({
    rule: 'B01',
    section: 'RFC 7521 §4.2, RFC 7523 §2.2',
    title: 'a client assertion is exactly one JWT, and its type says so',
    uses: ['signer'],
    async run(deployment) {
      const assertion = assertionOf(deployment, 'signer');
      const one = ['client_assertion', assertion] as const;
      const type = (value: string) => ['client_assertion_type', value] as const;
      const attempts: Readonly<Record<string, Form>> = {
        'an assertion without a type': [one],
        'a type without an assertion': [type(jwtBearerType)],
        'the type of a SAML assertion': [type(jwtBearerType.replace('jwt', 'saml2')), one],
        'a type in capitals': [type(jwtBearerType.toUpperCase()), one],
        'two JWTs in one': byAssertion(`${assertion} ${assertion}`),
      };
      for (const [what, form] of Object.entries(attempts)) {
        checkNotAuthenticated(what, await requestToken(deployment, { form }));
      }
      const twice = await requestToken(deployment, { form: [...byAssertion(assertion), one] });
      checkRefused('two assertions', twice, [400, 'invalid_request']);
      checkIssued(await requestByAssertion(deployment, assertion));
    },
  }),
  assertionCase({
    rule: 'B02',
    section: 'RFC 7521 §4.2',
    title: 'a client_id beside an assertion may be left out, or else is that of its client',
    uses: ['signer', 'timer'],
    async run(deployment) {
      const ask = (name?: 'signer' | 'timer' | 'basic') =>
        requestByAssertion(deployment, assertionOf(deployment, 'signer'), name);
      checkIssued(await ask());
      checkIssued(await ask('signer'));
      checkNotAuthenticated('the client_id of another client', await ask('timer'));
      checkNotAuthenticated('the client_id of a client with a secret', await ask('basic'));
    },
  }),
  assertionCase({
    rule: 'B03',
    section: 'RFC 7523 §3 (1), (2)',
    title: 'iss and sub of an assertion are there, and both are the client_id',
    uses: ['signer', 'timer'],
    async run(deployment) {
      const { client_id } = deployment.client('timer');
      await checkEachRefused(deployment, 'signer', {
        'an assertion without iss': { claims: { iss: undefined } },
        'an assertion without sub': { claims: { sub: undefined } },
        'an assertion of another iss': { claims: { iss: client_id } },
        'an assertion with another sub': { claims: { sub: client_id } },
      });
    },
  }),
];
