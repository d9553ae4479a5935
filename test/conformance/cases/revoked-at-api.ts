import { type ConformanceCase, check, NotOffered } from '../conformance-case.ts';
import { accessToken, callWithToken, checkLetIn, isLetIn } from '../protocol/api-request.ts';
import { checkOffered, revoke } from '../protocol/client-endpoint.ts';

/** Seconds within which an API refuses what was revoked, if it does so at all. */
const longestRespite = 20;

/** Ours: an API hears of a revocation. */
export const revokedAtApiCases: readonly ConformanceCase[] = [
  {
    rule: 'I13',
    section: 'RFC 7009 §3',
    title: 'a token that its client has revoked is refused for good, and no other',
    uses: ['caller'],
    callsApi: true,
    waits: longestRespite,
    async run(deployment) {
      await checkOffered(deployment, 'revocation_endpoint');
      const [revoked, other] = [
        await accessToken(deployment, 'caller'),
        await accessToken(deployment, 'caller'),
      ];
      const isIn = async () => isLetIn(await callWithToken(deployment, revoked));
      check(await isIn(), 'a new token is not let in');
      const { status } = await revoke(deployment, 'caller', revoked);
      check(status === 200, `its revocation is answered ${status}`);
      let seconds = 0;
      while (await isIn()) {
        if (seconds === longestRespite) throw new NotOffered(late);
        await deployment.wait(1);
        seconds += 1;
      }
      deployment.saw(`refused ${seconds} s after it was revoked`);
      checkLetIn('another token of the client', await callWithToken(deployment, other));
      check(!(await isIn()), 'a revoked token that was refused is let in again');
    },
  },
];

const late = `the API lets in a token ${longestRespite} s after it was revoked`;
