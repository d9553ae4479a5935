import { type ConformanceCase, check } from '../conformance-case.ts';
import { grantType, unofferedCase } from '../protocol/announcement.ts';
import { accessToken, callApi, checkKeptOut, checkLetIn } from '../protocol/api-request.ts';
import { tokenIn } from '../protocol/obtained-token.ts';
import { basic, formType, requestToken } from '../protocol/token-request.ts';
import {
  attemptClientId,
  attemptJwtBearer,
  jwtBearerGrant,
} from '../protocol/unoffered-attempt.ts';

/** RFC 7523, RFC 8705, RFC 9449: proofs other than a secret. */
export const clientProofCases: readonly ConformanceCase[] = [
  unofferedCase({
    rule: 'B14',
    section: 'RFC 7523 §2.1',
    title: 'a JWT of a trusted issuer is a grant',
    uses: ['basic'],
    what: 'the JWT bearer grant',
    announcements: [grantType(jwtBearerGrant)],
    attempt: attemptJwtBearer,
  }),
  {
    rule: 'C08',
    section: 'RFC 9700 §4.13, RFC 9440 §4',
    title: 'a certificate in a header neither authenticates a client nor binds its token',
    uses: ['basic'],
    async run(deployment) {
      await attemptClientId(deployment, certificateHeaders);
      const answer = await requestToken(deployment, {
        authorization: basic(deployment.client('basic')),
        headers: [formType, ...certificateHeaders],
      });
      const { claims } = tokenIn(answer);
      deployment.saw(`claims ${Object.keys(claims).join(' ')}`);
      check(claims.cnf === undefined, 'the token is bound to a certificate from a header');
    },
  },
  {
    rule: 'D16',
    section: 'RFC 9449 §7.1',
    title: 'a token that is bound to no key does not get in under the DPoP scheme',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      const [dpop, bearer] = [`DPoP ${token}`, `Bearer ${token}`];
      checkKeptOut(
        'a bearer token under DPoP',
        await callApi(deployment, { authorization: [dpop] }),
      );
      checkLetIn('the same as Bearer', await callApi(deployment, { authorization: [bearer] }));
    },
  },
];

/** A certificate for CN=client.example, valid until 2126. */
const certificate =
  'MIIBhTCCASygAwIBAgIUZUt6s4RX8KTWEaLNpmZ5ZgFvyeMwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOY2xpZW50LmV4' +
  'YW1wbGUwIBcNMjYxMTI0MDI1NzM4WhgPMjEyNjEwMzEwMjU3MzhaMBkxFzAVBgNVBAMMDmNsaWVudC5leGFtcGxlMFkw' +
  'EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZinAliBUJvgmoXtPlfp1cNV/QMQCN0GXStgh1JtGBZ3obGBnVD9lohVn2AIP' +
  '36p0gmWrj49UvWvoLjchljMjt6NQME4wHQYDVR0OBBYEFE3JImxgXcnZXBA5CWVVs0/IsYKiMB8GA1UdIwQYMBaAFE3J' +
  'ImxgXcnZXBA5CWVVs0/IsYKiMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0EAwIDRwAwRAIgR+bWIxnbgL3WD/FnyVLjA8yU' +
  'wajrQt438lG0o+nnT/ACIGpg/bgYsLxzdRaEm6LDz+CgtXNeGYUFjvZv/vGdcNxP';

const pem = encodeURIComponent(
  `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----\n`,
);

/** As RFC 9440 writes it, and as load balancers and proxies do. */
const certificateHeaders = [
  ['Client-Cert', `:${certificate}:`],
  ['X-Amzn-Mtls-Clientcert', pem],
  ['X-Forwarded-Client-Cert', `Subject="CN=client.example";Cert="${pem}"`],
  ['X-SSL-Client-Cert', pem],
  ['X-SSL-Client-Verify', 'SUCCESS'],
] as const;
