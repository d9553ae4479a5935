import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import {
  accessToken,
  callApi,
  callWithToken,
  checkKeptOut,
  checkLetIn,
} from '../protocol/api-request.ts';
import { assertionCase, checkAccepted } from '../protocol/client-assertion.ts';
import { newProofKey } from '../protocol/dpop-proof.ts';
import { dpopCase, obtainBoundToken, requestWithProofs } from '../protocol/dpop-request.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import { fetchMetadata, insertedUrl, listed } from '../protocol/metadata.ts';
import { audienceOf, obtainToken, tokenIn } from '../protocol/obtained-token.ts';
import {
  basic,
  checkInvalidClient,
  checkIssued,
  checkRefused,
  formType,
  inBody,
  requestToken,
} from '../protocol/token-request.ts';
import { attemptGrant } from '../protocol/unoffered-attempt.ts';

/** By which a proxy would tell what it was asked for, and anybody can send. */
const forwarded = [
  ['Forwarded', 'host=evil.example;proto=http'],
  ['X-Forwarded-Host', 'evil.example'],
  ['X-Forwarded-Proto', 'http'],
  ['X-Forwarded-Prefix', '/evil'],
  ['X-Original-URL', '/evil'],
  ['X-Rewrite-URL', '/evil'],
] as const;

/** RFC 9700 and what builds upon it. */
export const bestPracticeCases: readonly ConformanceCase[] = [
  dpopCase({
    rule: 'L01',
    section: 'RFC 9700 §2.2.1',
    title: 'tokens can be sender-constrained, and a client can be held to it',
    uses: ['keyed'],
    async run(deployment) {
      const { claims } = await obtainBoundToken(deployment, 'keyed', await newProofKey());
      check(claims.cnf !== undefined, 'a token for a proof has no cnf');
      const unbound = await requestWithProofs(deployment, 'keyed', []);
      check(unbound.status !== 200, 'a client that is held to it gets a bearer token');
    },
  }),
  {
    rule: 'L02',
    section: 'RFC 9700 §2.3',
    title: 'a token is for one audience, and for no more scope than was asked for',
    uses: ['several'],
    async run(deployment) {
      const [orders, ledger] = [deployment.resource('orders'), deployment.resource('ledger')];
      const one = ['resource', orders] as const;
      const token = await obtainToken(deployment, 'several', [one, ['scope', 'orders:read']]);
      deployment.saw(`aud ${audienceOf(token).join(' ')}, scope "${token.claims.scope}"`);
      checkSame('aud', audienceOf(token), [orders]);
      checkScope('the scope of the token', token.claims.scope, 'orders:read');
      const form = [one, ['resource', ledger]] as const;
      const authorization = basic(deployment.client('several'));
      const answer = await requestToken(deployment, { authorization, form });
      checkRefused('a request for two resources', answer, [400, 'invalid_target']);
    },
  },
  assertionCase({
    rule: 'L03',
    section: 'RFC 9700 §2.5',
    title: 'clients can authenticate with a key pair',
    uses: ['signer'],
    run: (deployment) => checkAccepted(deployment, 'signer'),
  }),
  {
    rule: 'L04',
    section: 'RFC 9700 §2.6',
    title: 'the metadata is published, so that clients need not be told endpoints and keys',
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      for (const name of ['issuer', 'token_endpoint', 'jwks_uri']) {
        check(typeof metadata[name] === 'string', `${name} is missing`);
      }
    },
  },
  {
    rule: 'L05',
    section: 'RFC 9700 §2.4',
    title: 'there is no password grant',
    uses: ['basic'],
    async run(deployment) {
      const grants = listed(await fetchMetadata(deployment), 'grant_types_supported');
      check(!grants.includes('password'), 'the password grant is announced');
      await attemptGrant(deployment, 'password', { username: 'alice', password: 'any' });
    },
  },
  {
    rule: 'L06',
    section: 'RFC 9700 §4.13',
    title: 'what a proxy would have told is not believed when anybody tells it',
    uses: ['basic'],
    async run(deployment) {
      const url = insertedUrl(deployment.issuer, 'oauth-authorization-server');
      const told = await deployment.send({ url, headers: forwarded });
      const plain = await deployment.send({ url });
      checkSame('the metadata', [told.status, told.body], [200, plain.body]);
      const authorization = basic(deployment.client('basic'));
      const headers = [formType, ...forwarded];
      const { claims } = tokenIn(await requestToken(deployment, { authorization, headers }));
      deployment.saw(`iss ${claims.iss}`);
      checkSame('iss', claims.iss, deployment.issuer);
    },
  },
  {
    rule: 'L07',
    section: 'draft-ietf-oauth-v2-1 §2.4.1',
    title: 'a client may send its secret in the body',
    uses: ['post'],
    async run(deployment) {
      const client = deployment.client('post');
      const wrong = inBody({ ...client, client_secret: `${client.client_secret}x` });
      const refused = await requestToken(deployment, { form: wrong });
      checkInvalidClient('a wrong secret in the body', refused);
      checkIssued(await requestToken(deployment, { form: inBody(client) }));
    },
  },
  {
    rule: 'L07',
    section: 'draft-ietf-oauth-v2-1 §5.1',
    title: 'an access token in the query does not get in',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      const inQuery = await callApi(deployment, { query: `access_token=${token}` });
      checkKeptOut('a token in the query', inQuery);
      checkLetIn('the same token in the header', await callWithToken(deployment, token));
    },
  },
];
