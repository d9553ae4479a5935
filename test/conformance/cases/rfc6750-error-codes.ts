import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';
import {
  accessToken,
  callApi,
  callWithoutScope,
  callWithToken,
  checkLetIn,
  isFromApiGateway,
} from '../protocol/api-request.ts';
import { bearerChallenge, type Challenge, parameter } from '../protocol/challenge.ts';
import { withOtherSignature } from '../protocol/forged-token.ts';

/** RFC 6750 §3.1: which status and which code a refusal has. */
export const errorCodeCases: readonly ConformanceCase[] = [
  {
    rule: 'I09',
    section: 'RFC 6750 §3.1, RFC 9110 §15.5.2',
    title: 'a request without a token gets 401, and is told of no error',
    callsApi: true,
    async run(deployment) {
      const answer = await callApi(deployment, {});
      checkSame('the answer to a request without a token', answer.status, 401);
      checkNamesNoError(bearerChallenge('a request without a token', answer));
    },
  },
  {
    rule: 'I09',
    section: 'RFC 6750 §3.1',
    title: 'a token that is not valid gets 401 and, where there is a challenge, invalid_token',
    uses: ['caller', 'basic'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      const invalid = {
        'no JWT': 'mF_9.B5f-4.1JqM',
        'a token with a wrong signature': withOtherSignature(token),
        'a token for another resource server': await accessToken(deployment, 'basic'),
      };
      for (const [what, other] of Object.entries(invalid)) {
        const answer = await callWithToken(deployment, other);
        checkSame(`the answer to ${what}`, answer.status, 401);
        checkError(bearerChallenge(what, answer), 'invalid_token');
      }
      checkLetIn('a right token', await callWithToken(deployment, token));
    },
  },
  {
    rule: 'I09',
    section: 'RFC 6750 §3.1',
    title: 'a token without the scope gets 403 and, where there is a challenge, insufficient_scope',
    uses: ['caller', 'onlooker'],
    callsApi: true,
    async run(deployment) {
      const answer = await callWithoutScope(deployment);
      checkSame('the answer to a token without scope', answer.status, 403);
      checkError(bearerChallenge('a token without scope', answer), 'insufficient_scope');
      const token = await accessToken(deployment, 'caller');
      checkLetIn('a token with all scope', await callWithToken(deployment, token));
    },
  },
  {
    rule: 'I09',
    section: 'RFC 6750 §3.1',
    title: 'a malformed request gets 400',
    callsApi: true,
    async run(deployment) {
      const answer = await callApi(deployment, { authorization: ['Bearer a b'] });
      const isUsual = answer.status === 401 || answer.status === 403;
      if (isUsual && isFromApiGateway(answer)) {
        throw new NotOffered('API Gateway answers 401 or 403 where its authorizer refuses');
      }
      checkSame('the answer to a malformed request', answer.status, 400);
      checkError(bearerChallenge('a malformed request', answer), 'invalid_request');
    },
  },
];

function checkNamesNoError(challenge: Challenge | undefined): void {
  const error = challenge?.parameters.find(([name]) => name.startsWith('error'));
  check(error === undefined, `the challenge has ${error?.join('=')}`);
}

/** The code SHOULD be there; another one must not. */
function checkError(challenge: Challenge | undefined, expected: string): void {
  const error = challenge && parameter(challenge, 'error');
  if (error !== undefined) checkSame('error in the challenge', error, expected);
}
