import { NoAnswer } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';

/** RFC 6749 §1.6: secrets and tokens travel by TLS alone. */
export const transportSecurityCases: readonly ConformanceCase[] = [
  {
    rule: 'A06',
    section: 'RFC 6749 §3.2, §1.6',
    title: 'the token endpoint is an https URL without a fragment',
    async run(deployment) {
      const endpoint = deployment.endpoint('token_endpoint');
      deployment.saw(`token_endpoint ${endpoint.href}`);
      check(!endpoint.href.includes('#'), 'token_endpoint has a fragment');
      if (endpoint.protocol === 'http:' && isLoopback(endpoint)) throw new NotOffered(noTls);
      checkSame('the scheme of token_endpoint', endpoint.protocol, 'https:');
    },
  },
  {
    rule: 'A06',
    section: 'RFC 6749 §3.2, §1.6',
    title: 'the token endpoint does not answer without TLS',
    async run(deployment) {
      const url = new URL(deployment.endpoint('token_endpoint'));
      if (isLoopback(url)) throw new NotOffered(noTls);
      Object.assign(url, { protocol: 'http:', port: '' });
      // Without credentials: they must not travel in clear.
      const answer = await deployment.send({ url, method: 'POST' }).catch(orNoAnswer);
      if (!answer) return;
      const reached = answer.status === 200 || /"error"/.test(answer.body);
      check(!reached, `a request over http is answered ${answer.status} by the endpoint`);
    },
  },
];

const noTls = 'it is on a loopback address, where there is no TLS';

function orNoAnswer(error: unknown): undefined {
  if (!(error instanceof NoAnswer)) throw error;
}

const isLoopback = ({ hostname }: URL): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
