import { header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import { partsOf } from '../protocol/obtained-token.ts';
import {
  basic,
  checkIssued,
  checkNotCached,
  checkRefused,
  requestToken,
} from '../protocol/token-request.ts';

/** RFC 6749 §5.1: what a token comes with. */
export const successfulResponseCases: readonly ConformanceCase[] = [
  {
    rule: 'A15',
    section: 'RFC 6749 §5.1, §3.3',
    title: 'the answer says which scope the token has',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const asked of [[], [['scope', 'orders:write']]] as const) {
        const answer = await requestToken(deployment, { authorization, form: asked });
        const { access_token, scope } = checkIssued(answer);
        const inToken = partsOf(access_token).claims.scope;
        deployment.saw(`scope ${JSON.stringify(inToken)} in the token`);
        checkScope('scope', scope, asked[0]?.[1] ?? 'orders:read orders:write');
        checkSame("the token's scope", inToken, scope);
      }
    },
  },
  {
    rule: 'A15',
    section: 'RFC 6749 §5.1, §3.3',
    title: 'a token without scope is not said to have any',
    uses: ['bare'],
    async run(deployment) {
      const authorization = basic(deployment.client('bare'));
      const answer = await requestToken(deployment, { authorization });
      const { access_token, scope } = checkIssued(answer);
      // The grammar has no empty scope.
      checkSame('scope', scope, undefined);
      checkSame("the token's scope", partsOf(access_token).claims.scope, undefined);
    },
  },
  {
    rule: 'A16',
    section: 'RFC 6749 §5.1, Appendix A.12',
    title: 'a token comes as JSON with its type and its lifetime in seconds, a number',
    uses: ['basic', 'brief'],
    async run(deployment) {
      for (const name of ['basic', 'brief'] as const) {
        const authorization = basic(deployment.client(name));
        const members = checkIssued(await requestToken(deployment, { authorization }));
        const { access_token, token_type, expires_in, error } = members;
        check(/^[\x20-\x7E]+$/.test(access_token), 'access_token has characters beyond VSCHAR');
        check(/^bearer$/i.test(String(token_type)), `token_type is ${token_type}`);
        checkSame('error beside a token', error, undefined);
        check(Number.isInteger(expires_in), `expires_in is ${JSON.stringify(expires_in)}`);
        const { iat, exp } = partsOf(access_token).claims;
        const lifetime = Number(exp) - Number(iat);
        deployment.saw(`the token lives for ${lifetime} s`);
        checkSame('expires_in', expires_in, lifetime);
        check(name !== 'brief' || expires_in === 60, `expires_in is ${expires_in}, not 60`);
      }
    },
  },
  {
    rule: 'A17',
    section: 'RFC 6749 §5.1, §5.2, RFC 9110 §8.3',
    title: 'no answer of the token endpoint may be cached, and each is JSON',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const answers = {
        'a token': await requestToken(deployment, { authorization }),
        invalid_request: await requestToken(deployment, { authorization, form: 'grant_type=' }),
        invalid_client: await requestToken(deployment, {}),
        'an answer to GET': await requestToken(deployment, { method: 'GET' }),
      };
      checkIssued(answers['a token']);
      checkRefused('no grant_type', answers.invalid_request, [400, 'invalid_request']);
      for (const [what, answer] of Object.entries(answers)) {
        checkNotCached(what, answer);
        const type = header(answer, 'content-type') ?? '';
        check(/^application\/json\s*(;|$)/i.test(type), `${what} comes as ${type || 'nothing'}`);
      }
    },
  },
  {
    rule: 'A18',
    section: 'RFC 6749 §4.4.3',
    title: 'there is no refresh token',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const members = checkIssued(await requestToken(deployment, { authorization }));
      check(members.refresh_token === undefined, 'a refresh_token comes with the token');
    },
  },
];
