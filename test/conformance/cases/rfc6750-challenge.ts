import type { Answer } from '../../../cli/io/http.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  NotOffered,
} from '../conformance-case.ts';
import {
  accessToken,
  callApi,
  callWithToken,
  checkKeptOut,
  isFromHttpApi,
  isLetIn,
} from '../protocol/api-request.ts';
import { bearerChallenge, type Challenge } from '../protocol/challenge.ts';
import { withOtherSignature } from '../protocol/forged-token.ts';

/** RFC 6750 §3: what a refusal says about itself. */
export const challengeCases: readonly ConformanceCase[] = [
  {
    rule: 'I09',
    section: 'RFC 6750 §3, RFC 9110 §11.6.1',
    title: 'each refusal carries a Bearer challenge',
    uses: ['onlooker'],
    callsApi: true,
    async run(deployment) {
      for (const [what, answer] of Object.entries(await refusals(deployment))) {
        const challenge = bearerChallenge(what, answer) ?? missing(what, answer);
        check(challenge.parameters.length > 0, `the challenge of ${what} has no parameter`);
      }
    },
  },
  {
    rule: 'I10',
    section: 'RFC 6750 §3, RFC 9110 §11.2',
    title: 'no parameter of a challenge is repeated, and each has the characters that it may have',
    uses: ['onlooker'],
    callsApi: true,
    async run(deployment) {
      const answers = Object.entries(await refusals(deployment));
      const challenges = answers.flatMap(([what, answer]) => bearerChallenge(what, answer) ?? []);
      for (const [what, answer] of challenges.length === 0 ? answers : []) missing(what, answer);
      for (const challenge of challenges) checkParameters(challenge);
    },
  },
];

/** What each refused request was -> its answer. */
async function refusals(deployment: Deployment): Promise<Readonly<Record<string, Answer>>> {
  const onlooker = await accessToken(deployment, 'onlooker');
  const always = {
    'a request without a token': await callApi(deployment, {}),
    'a token that is not valid': await callWithToken(deployment, withOtherSignature(onlooker)),
  };
  for (const [what, answer] of Object.entries(always)) checkKeptOut(what, answer);
  const withoutScope = await callWithToken(deployment, onlooker);
  if (isLetIn(withoutScope)) return always;
  return { ...always, 'a token without scope': withoutScope };
}

function missing(what: string, answer: Answer): never {
  if (isFromHttpApi(answer)) {
    throw new NotOffered('an HTTP API cannot add WWW-Authenticate to an answer of its authorizer');
  }
  check(false, `${what} is answered ${answer.status} without WWW-Authenticate`);
}

function checkParameters({ parameters }: Challenge): void {
  const names = parameters.map(([name]) => name);
  checkSame('the list of parameters', names, [...new Set(names)]);
  const wrong = parameters.find(([name, value]) => !grammar(name).test(value));
  check(wrong === undefined, `${wrong?.[0]} in the challenge has characters that it may not have`);
}

/** RFC 6750 §3; any other parameter is text of RFC 9110. */
const grammar = (name: string): RegExp => grammars.get(name) ?? /^/;
const grammars: ReadonlyMap<string, RegExp> = new Map([
  ['error', /^[ !#-[\]-~]+$/],
  ['error_description', /^[ !#-[\]-~]+$/],
  ['error_uri', /^[!#-[\]-~]+$/],
  ['scope', /^[!#-[\]-~]+( [!#-[\]-~]+)*$/],
]);
