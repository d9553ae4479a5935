import { type ConformanceCase, NotOffered } from '../conformance-case.ts';
import { callWithToken, checkKeptOut, checkLetIn } from '../protocol/api-request.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

/** RFC 7800: tokens that are bound to a key. */
export const confirmationCases: readonly ConformanceCase[] = [
  {
    rule: 'I12',
    section: 'RFC 7800 §3.1, RFC 8705 §3, RFC 9449 §7.2',
    title: 'a token that is bound to a key (cnf) is no bearer token',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const { text, claims } = await obtainToken(deployment, 'caller');
      const answer = await callWithToken(deployment, text);
      if (claims.cnf === undefined) {
        checkLetIn('a token without cnf', answer);
        throw new NotOffered('access tokens have no cnf');
      }
      checkKeptOut('a token with cnf, without its proof', answer);
    },
  },
];
