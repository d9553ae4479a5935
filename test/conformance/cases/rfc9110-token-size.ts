import { NoAnswer } from '../../../cli/io/http.ts';
import { type ConformanceCase, check } from '../conformance-case.ts';
import { accessToken, callWithToken, checkLetIn } from '../protocol/api-request.ts';

// What many decoders of base64url pass over, so that the token would still be right.
const twentyKilobytes = '='.repeat(20 * 1024);

/** RFC 9110 §5.4: how much of a header is read at all. */
export const tokenSizeCases: readonly ConformanceCase[] = [
  {
    rule: 'I18',
    section: 'RFC 9110 §5.4, RFC 6585 §5',
    title: 'a token of 20 KB gets a 4xx answer, and the API goes on answering',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      try {
        const { status } = await callWithToken(deployment, token + twentyKilobytes);
        check(status >= 400 && status <= 499, `a token of 20 KB is answered ${status}`);
      } catch (error) {
        // A server may hang up on so long a header. After a hang no time is left for what follows.
        if (!(error instanceof NoAnswer)) throw error;
      }
      checkLetIn('a right token', await callWithToken(deployment, token));
    },
  },
];
