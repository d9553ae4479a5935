import { type ConformanceCase, check } from '../conformance-case.ts';
import { accessToken, callWithToken, checkKeptOut, checkLetIn } from '../protocol/api-request.ts';
import { audienceOf, obtainToken } from '../protocol/obtained-token.ts';

/** RFC 9068 §4: what the API's authorizer looks at in an access token. */
export const validationCases: readonly ConformanceCase[] = [
  {
    rule: 'I05',
    section: 'RFC 9068 §4',
    title: 'a token that the issuer made for another resource server is refused',
    uses: ['caller', 'basic'],
    callsApi: true,
    async run(deployment) {
      const foreign = await obtainToken(deployment, 'basic');
      deployment.saw(`aud ${audienceOf(foreign)}`);
      const answer = await callWithToken(deployment, foreign.text);
      checkKeptOut('a token for another resource server', answer);
      // It lacks the scope of this one as well; 403 would be for that.
      check(answer.status !== 403, 'only the scope of a token for another resource server is seen');
      const token = await accessToken(deployment, 'caller');
      checkLetIn('a right token', await callWithToken(deployment, token));
    },
  },
];
