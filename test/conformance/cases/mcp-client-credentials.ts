import { newClientKey } from '../client-key.ts';
import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';
import { grantType, unofferedCase } from '../protocol/announcement.ts';
import { callApi } from '../protocol/api-request.ts';
import { bearerChallenge, parameter } from '../protocol/challenge.ts';
import {
  assertionCase,
  assertionOf,
  checkEachRefused,
  requestByAssertion,
  signedBy,
} from '../protocol/client-assertion.ts';
import { appendedUrl, fetchMetadata, insertedUrl, listed } from '../protocol/metadata.ts';
import { audienceOf, obtainToken } from '../protocol/obtained-token.ts';
import { checkIssued, inBody, requestToken } from '../protocol/token-request.ts';
import { attemptJwtBearer, jwtBearerGrant } from '../protocol/unoffered-attempt.ts';

const extension = 'MCP extension OAuth Client Credentials';

/** The Model Context Protocol: what its clients need of an authorization server. */
export const mcpCases: readonly ConformanceCase[] = [
  {
    rule: 'M01',
    section: `${extension}, RFC 6749 §2.3.1`,
    title: 'a client secret is accepted, in the header or in the body',
    uses: ['basic', 'post'],
    async run(deployment) {
      await obtainToken(deployment, 'basic');
      checkIssued(await requestToken(deployment, { form: inBody(deployment.client('post')) }));
    },
  },
  assertionCase({
    rule: 'M01',
    section: `${extension}, RFC 7523 §2.2`,
    title: 'a JWT assertion is accepted',
    uses: ['signer'],
    async run(deployment) {
      await checkEachRefused(deployment, 'signer', {
        "an assertion with a stranger's signature": {
          signature: signedBy(newClientKey('stranger').privateKey),
        },
      });
    },
  }),
  {
    rule: 'M02',
    section: `${extension}, RFC 8414 §2`,
    title: 'the metadata tells client_secret_basic or private_key_jwt with its algorithms',
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const methods = listed(metadata, 'token_endpoint_auth_methods_supported');
      const known = methods.filter((name) => /^(client_secret_basic|private_key_jwt)$/.test(name));
      check(known.length > 0, 'neither client_secret_basic nor private_key_jwt is announced');
      const name = 'token_endpoint_auth_signing_alg_values_supported';
      const isComplete = !known.includes('private_key_jwt') || listed(metadata, name).length > 0;
      check(isComplete, `${name} is missing, though private_key_jwt is announced`);
    },
  },
  {
    rule: 'M03',
    section: 'MCP Authorization, RFC 8707 §2',
    title: 'the resource of the request becomes the audience of the token',
    uses: ['several'],
    async run(deployment) {
      for (const name of ['orders', 'ledger'] as const) {
        const resource = deployment.resource(name);
        const token = await obtainToken(deployment, 'several', [['resource', resource]]);
        deployment.saw(`aud ${audienceOf(token).join(' ')}`);
        checkSame('aud', audienceOf(token), [resource]);
      }
    },
  },
  {
    rule: 'M04',
    section: 'MCP Authorization, RFC 8414 §3, OpenID Connect Discovery 1.0 §4',
    title: 'the metadata is wherever clients look for it, and says the same there',
    async run(deployment) {
      const { issuer } = deployment;
      const { token_endpoint } = await fetchMetadata(deployment);
      const inserted = insertedUrl(issuer, 'openid-configuration');
      const places = [inserted, appendedUrl(issuer, 'openid-configuration')];
      for (const url of new Set(places.map(String))) {
        const found = await fetchMetadata(deployment, new URL(url));
        checkSame(`issuer at ${url}`, found.issuer, issuer);
        checkSame(`token_endpoint at ${url}`, found.token_endpoint, token_endpoint);
      }
    },
  },
  {
    rule: 'M05',
    section: 'MCP Authorization, RFC 9728 §5.1',
    title: 'an API that refuses a request tells where its metadata is',
    callsApi: true,
    async run(deployment) {
      const answer = await callApi(deployment, {});
      checkSame('a call without a token', answer.status, 401);
      const challenge = bearerChallenge('a call without a token', answer);
      const url = challenge && parameter(challenge, 'resource_metadata');
      if (!url) throw new NotOffered('its answer names no resource_metadata');
      const metadata = await fetchMetadata(deployment, new URL(url));
      const isNamed = listed(metadata, 'authorization_servers').includes(deployment.issuer);
      check(isNamed, 'authorization_servers does not name the issuer');
    },
  },
  assertionCase({
    rule: 'M06',
    section: `${extension}, RFC 7521 §4.2`,
    title: 'an assertion needs no client_id beside it',
    uses: ['signer'],
    async run(deployment) {
      checkIssued(await requestByAssertion(deployment, assertionOf(deployment, 'signer')));
    },
  }),
  unofferedCase({
    rule: 'M07',
    section: 'MCP SEP-1933, RFC 7523 §2.1',
    title: 'a workload gets a token for the JWT that its platform gave it',
    uses: ['basic'],
    what: 'the JWT bearer grant',
    announcements: [grantType(jwtBearerGrant)],
    attempt: attemptJwtBearer,
  }),
];
