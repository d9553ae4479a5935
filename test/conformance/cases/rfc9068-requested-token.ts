import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { audienceOf, obtainToken } from '../protocol/obtained-token.ts';
import { basic, checkRefused, type Form, requestToken } from '../protocol/token-request.ts';

/** Parameters by which a client might want to be somebody else. */
const subjects: Form = ['sub', 'subject', 'username', 'user_id', 'requested_subject'].map(
  (name) => [name, 'alice'],
);

/** Claims as parameters, with values that no deployment would choose. */
const claimsAsParameters: Form = [
  ['iss', 'https://issuer.example'],
  ['sub', 'alice'],
  ['aud', 'https://audience.example'],
  ['exp', '4102444800'],
  ['iat', '1'],
  ['nbf', '1'],
  ['jti', 'chosen'],
  ['status', 'chosen'],
  ['cnf', '{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}'],
  ['roles', 'admin'],
  ['expires_in', '4102444800'],
  ['claims', '{"access_token":{"admin":{"value":true}}}'],
];

/** What differs from token to token. */
const everNew = { iat: 0, nbf: 0, exp: 0, jti: '', status: '' };

/** RFC 9068 §3, §5: what a request has to say about its access token. */
export const requestedTokenCases: readonly ConformanceCase[] = [
  {
    rule: 'E06',
    section: 'RFC 9068 §3, RFC 8707 §2',
    title: 'aud is the resource of the request, or else the one that its scope or grant implies',
    uses: ['several', 'basic'],
    async run(deployment) {
      const [orders, ledger] = [deployment.resource('orders'), deployment.resource('ledger')];
      const requests = [
        ['several', [['resource', orders]], orders],
        ['several', [['resource', ledger]], ledger],
        ['several', [['scope', 'ledger:read']], ledger],
        ['basic', [], orders],
      ] as const;
      for (const [name, form, expected] of requests) {
        const token = await obtainToken(deployment, name, form);
        deployment.saw(`aud ${audienceOf(token).join(' ')}`);
        checkSame('aud', audienceOf(token), [expected]);
      }
    },
  },
  {
    rule: 'E06',
    section: 'RFC 9068 §3, RFC 8707 §2',
    title: 'a request that does not tell which of several resource servers it means is refused',
    uses: ['several'],
    async run(deployment) {
      const authorization = basic(deployment.client('several'));
      const ambiguous: Readonly<Record<string, Form>> = {
        'a request with neither resource nor scope': [],
        'a scope that two resource servers have': [['scope', 'orders:read']],
      };
      for (const [what, form] of Object.entries(ambiguous)) {
        const answer = await requestToken(deployment, { authorization, form });
        checkRefused(what, answer, [400, 'invalid_target']);
      }
      const orders = ['resource', deployment.resource('orders')] as const;
      await obtainToken(deployment, 'several', [['scope', 'orders:read'], orders]);
    },
  },
  {
    rule: 'E06',
    section: 'RFC 9068 §3',
    title: 'a scope of values that imply different resource servers is refused as invalid_scope',
    uses: ['several'],
    async run(deployment) {
      const authorization = basic(deployment.client('several'));
      const form: Form = [['scope', 'orders:write ledger:read']];
      const answer = await requestToken(deployment, { authorization, form });
      checkRefused('a scope across two resource servers', answer, [400, 'invalid_scope']);
      await obtainToken(deployment, 'several', [['scope', 'orders:write']]);
    },
  },
  {
    rule: 'E07',
    section: 'RFC 9068 §5, RFC 9700 §4.15',
    title: 'a client cannot choose the subject of its tokens',
    uses: ['basic'],
    async run(deployment) {
      const { claims } = await obtainToken(deployment, 'basic', subjects);
      deployment.saw(`claims ${JSON.stringify(claims)}`);
      checkSame('sub', claims.sub, deployment.client('basic').client_id);
      check(!JSON.stringify(claims).includes('alice'), 'the subject got into another claim');
    },
  },
  {
    rule: 'E10',
    section: 'RFC 9068 §2.2, RFC 6749 §3.2',
    title: 'no parameter sets or changes a claim that is not its own',
    uses: ['basic'],
    async run(deployment) {
      const plain = await obtainToken(deployment, 'basic');
      const asked = await obtainToken(deployment, 'basic', claimsAsParameters);
      deployment.saw(`claims ${JSON.stringify(asked.claims)}`);
      const [before, after] = [plain, asked].map(({ claims }) => ({ ...claims, ...everNew }));
      checkSame('what the token says', after, before);
      const [usual, lifetime] = [plain, asked].map(
        ({ claims }) => Number(claims.exp) - Number(claims.iat),
      );
      checkSame('the lifetime of the token', lifetime, usual);
      const { iat, nbf, jti, status } = asked.claims;
      const isOwn = iat !== 1 && nbf !== 1 && jti !== 'chosen' && status !== 'chosen';
      check(isOwn, 'a parameter became iat, nbf, jti or status');
    },
  },
];
