import { createHmac } from 'node:crypto';
import { newClientKey } from '../client-key.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  Nonconformity,
} from '../conformance-case.ts';
import {
  type AssertionChange,
  assertionCase,
  assertionOf,
  checkAccepted,
  checkEachRefused,
  requestByAssertion,
  signedBy,
} from '../protocol/client-assertion.ts';
import { pem } from '../protocol/forged-token.ts';
import { checkInvalidClient } from '../protocol/token-request.ts';

/** RFC 7523 §3 (9), (10): by whom an assertion is signed, and whether it is one. */
export const assertionSignatureCases: readonly ConformanceCase[] = [
  assertionCase({
    rule: 'B09',
    section: 'RFC 7523 §3 (9), RFC 7515 §4.1, RFC 8725 §2.1, §3.1',
    title: 'an assertion is verified with the registered key of its client, and nothing else',
    uses: ['forged'],
    run: (deployment) => checkEachRefused(deployment, 'forged', forgeries(deployment)),
  }),
  assertionCase({
    rule: 'B10',
    section: 'RFC 7523 §3 (10), RFC 7519 §4.1',
    title: 'the claims of an assertion are of their types',
    uses: ['typist'],
    async run(deployment) {
      const { client_id } = deployment.client('typist');
      const soon = String(deployment.now() + 60);
      await checkEachRefused(deployment, 'typist', {
        'an assertion whose exp is a text': { claims: { exp: soon } },
        'an assertion whose nbf is a text': { claims: { nbf: '0' } },
        'an assertion whose iat is a text': { claims: { iat: soon } },
        'an assertion whose aud is an object': { claims: { aud: { iss: deployment.issuer } } },
        'an assertion whose sub is a list': { claims: { sub: [client_id] } },
      });
    },
  }),
  assertionCase({
    rule: 'B11',
    section: 'RFC 7521 §4.2.1, RFC 7523 §3.2',
    title: 'whatever is wrong with an assertion that a stranger has signed, the answer is the same',
    uses: ['typist'],
    async run(deployment) {
      const { client_id } = deployment.client('typist');
      const nobody = `${client_id}-no`;
      const stranger = signedBy(newClientKey('a stranger').privateKey);
      const answers = [];
      for (const claims of [
        {},
        { aud: 'https://as.example' },
        { exp: deployment.now() - 600 },
        { iss: nobody, sub: nobody },
      ]) {
        const assertion = assertionOf(deployment, 'typist', { claims, signature: stranger });
        const answer = await requestByAssertion(deployment, assertion);
        checkInvalidClient('a wrong assertion', answer);
        answers.push(answer.body);
      }
      checkSame('what is told of them', [...new Set(answers)].length, 1);
      const isTold = answers.some((body) => body.includes(client_id));
      check(!isTold, 'the client_id is in the answer');
      // RFC 7521 §4.2.1: the client itself may be told more.
      await checkEachRefused(deployment, 'typist', {
        'an assertion for another server': { claims: { aud: 'https://as.example' } },
        'an assertion that has expired': { claims: { exp: deployment.now() - 600 } },
      });
    },
  }),
  assertionCase({
    rule: 'B12',
    section: 'RFC 8725 §3.11, draft-ietf-oauth-rfc7523bis §4',
    title: 'a JWT that says that it is for something else is no assertion',
    uses: ['typist'],
    async run(deployment) {
      const types = ['client-authentication+jwt', 'JWT'];
      const accepted = types.map((typ) => ({ header: { typ } }));
      await checkAccepted(deployment, 'typist', accepted);
      await checkEachRefused(deployment, 'typist', {
        'an access token': { header: { typ: 'at+jwt' } },
        'an access token by its full name': { header: { typ: 'application/at+jwt' } },
        'a DPoP proof': { header: { typ: 'dpop+jwt' } },
      });
    },
  }),
];

function forgeries(deployment: Deployment): Readonly<Record<string, AssertionChange>> {
  const { key } = deployment.client('forged');
  if (!key) throw new Nonconformity('its client has no key');
  const own = signedBy(key.privateKey);
  const stranger = newClientKey(key.kid);
  const strange = signedBy(stranger.privateKey);
  const byHmac = (secret: string): AssertionChange => ({
    header: { alg: 'HS256' },
    signature: (input) => createHmac('sha256', secret).update(input).digest('base64url'),
  });
  return {
    'an assertion that another key signed': { signature: strange },
    'an assertion that another key signed, which it brings along': {
      header: { jwk: stranger.jwk },
      signature: strange,
    },
    'an assertion that says where another key is': {
      header: { jku: 'https://keys.example/jwks.json' },
      signature: strange,
    },
    'an assertion without a signature': { signature: () => '' },
    'an assertion with alg none': { header: { alg: 'none' }, signature: () => '' },
    'an assertion with a signature of something else': { signature: (input) => own(`${input}.`) },
    'an assertion with the public key in PEM as a secret': byHmac(pem(key.jwk)),
    'an assertion with the public key as a secret': byHmac(JSON.stringify(key.jwk)),
    'an assertion with an unknown crit': { header: { crit: ['urn:x'], 'urn:x': true } },
  };
}
