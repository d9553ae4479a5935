import type { ConformanceCase } from '../conformance-case.ts';
import {
  accessToken,
  callWithoutScope,
  callWithToken,
  checkLetIn,
} from '../protocol/api-request.ts';

/** RFC 6750 §3.1: what a token may be used for. */
export const neededScopeCases: readonly ConformanceCase[] = [
  {
    rule: 'I11',
    section: 'RFC 6750 §3.1, RFC 9068 §4',
    title: 'a token without the scope that the API asks for is not enough',
    uses: ['caller', 'onlooker'],
    callsApi: true,
    async run(deployment) {
      await callWithoutScope(deployment);
      const token = await accessToken(deployment, 'caller');
      checkLetIn('a token with all scope', await callWithToken(deployment, token));
    },
  },
];
