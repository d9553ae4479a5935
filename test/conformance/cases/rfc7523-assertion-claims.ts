import type { ConformanceCase } from '../conformance-case.ts';
import { check } from '../conformance-case.ts';
import {
  assertionCase,
  assertionOf,
  checkAccepted,
  checkEachRefused,
  requestByAssertion,
} from '../protocol/client-assertion.ts';
import { checkInvalidClient, checkIssued } from '../protocol/token-request.ts';

// Seconds. More than clocks may differ by.
const aWhile = 600;
const aDay = 86_400;

/** RFC 7523 §3: for whom an assertion is, when, and how often. */
export const assertionClaimsCases: readonly ConformanceCase[] = [
  assertionCase({
    rule: 'B04',
    section: 'RFC 7523 §3 (3), RFC 3986 §6.2.1',
    title: 'aud of an assertion is the issuer, letter by letter',
    uses: ['timer'],
    async run(deployment) {
      const { issuer } = deployment;
      await checkAccepted(deployment, 'timer', [{ claims: { aud: [issuer] } }]);
      await checkEachRefused(deployment, 'timer', {
        'an assertion without aud': { claims: { aud: undefined } },
        'an assertion for nobody': { claims: { aud: [] } },
        'an assertion for another server': { claims: { aud: 'https://as.example' } },
        'an assertion for the issuer with a tail': { claims: { aud: `${issuer}.example` } },
        'an assertion for the issuer in capitals': { claims: { aud: issuer.toUpperCase() } },
      });
      const aud = deployment.endpoint('token_endpoint').href;
      const forEndpoint = assertionOf(deployment, 'timer', { claims: { aud } });
      const answer = await requestByAssertion(deployment, forEndpoint);
      // RFC 7523 §3 (3) lets it count, RFC 7523bis does not.
      deployment.saw(`an assertion for the token endpoint is answered ${answer.status}`);
      if (answer.status !== 200) checkInvalidClient('one for the token endpoint', answer);
    },
  }),
  assertionCase({
    rule: 'B05',
    section: 'RFC 7523 §3 (4)',
    title: 'an assertion has to expire, has not expired, and does not live for long',
    uses: ['timer'],
    async run(deployment) {
      const now = deployment.now();
      await checkEachRefused(deployment, 'timer', {
        'an assertion without exp': { claims: { exp: undefined } },
        'an assertion that has expired': { claims: { iat: now - 2 * aWhile, exp: now - aWhile } },
        'an assertion that lives for a day': { claims: { exp: now + aDay } },
        'one without iat that lives for a day': { claims: { iat: undefined, exp: now + aDay } },
      });
    },
  }),
  assertionCase({
    rule: 'B06',
    section: 'RFC 7523 §3 (5)',
    title: 'an assertion is not accepted before its nbf',
    uses: ['timer'],
    async run(deployment) {
      const now = deployment.now();
      await checkAccepted(deployment, 'timer', [{ claims: { nbf: now - aWhile } }]);
      await checkEachRefused(deployment, 'timer', {
        'an assertion that is not valid yet': { claims: { nbf: now + 120, exp: now + 300 } },
      });
    },
  }),
  assertionCase({
    rule: 'B07',
    section: 'RFC 7523 §3 (6)',
    title: 'an assertion was made a short while ago, and not in the future',
    uses: ['timer'],
    async run(deployment) {
      const now = deployment.now();
      await checkEachRefused(deployment, 'timer', {
        'an assertion of the future': { claims: { iat: now + 120, exp: now + 300 } },
        'an assertion of yesterday': { claims: { iat: now - aDay } },
      });
    },
  }),
  assertionCase({
    rule: 'B08',
    section: 'RFC 7523 §3 (7), OpenID Connect Core 1.0 §9',
    title: 'an assertion is accepted once',
    uses: ['timer'],
    async run(deployment) {
      const assertion = assertionOf(deployment, 'timer');
      checkIssued(await requestByAssertion(deployment, assertion));
      const again = await requestByAssertion(deployment, assertion);
      checkInvalidClient('an assertion that was used before', again);
      const raced = assertionOf(deployment, 'timer');
      const answers = await Promise.all(
        [raced, raced, raced].map((one) => requestByAssertion(deployment, one)),
      );
      const issued = answers.filter(({ status }) => status === 200).length;
      check(issued === 1, `three uses of an assertion at once get ${issued} tokens`);
      await checkEachRefused(deployment, 'timer', {
        'an assertion without jti': { claims: { jti: undefined } },
      });
    },
  }),
];
