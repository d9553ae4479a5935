import type { ConformanceCase, Deployment } from '../conformance-case.ts';
import {
  accessToken,
  callApi,
  callWithToken,
  checkKeptOut,
  checkLetIn,
  isLetIn,
} from '../protocol/api-request.ts';
import { basic } from '../protocol/token-request.ts';

/** RFC 6750 §2: how an access token reaches the API. */
export const bearerTokenCases: readonly ConformanceCase[] = [
  {
    rule: 'I01',
    section: 'RFC 6750 §2.1, RFC 9110 §11.1',
    title: 'one token is sent in one Authorization header, under Bearer in any case of letters',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      const wrong: Readonly<Record<string, readonly string[]>> = {
        'a client_secret as Basic credentials': [basic(deployment.client('caller'))],
        'the scheme without a token': ['Bearer'],
        'a token without a scheme': [token],
        'a token under another scheme': [`Token ${token}`],
        'a token in quotes': [`Bearer "${token}"`],
        'a token with another behind a space': [`Bearer ${token} ${token}`],
        'a token with another behind a comma': [`Bearer ${token}, Bearer ${token}`],
        'two Authorization headers': [`Bearer ${token}`, `Bearer ${token}`],
      };
      for (const [what, authorization] of Object.entries(wrong)) {
        checkKeptOut(what, await callApi(deployment, { authorization }));
      }
      for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer ']) {
        const answer = await callApi(deployment, { authorization: [`${scheme} ${token}`] });
        checkLetIn(`a token behind "${scheme} "`, answer);
      }
    },
  },
  {
    rule: 'I02',
    section: 'RFC 6750 §2, §2.2, §2.3, RFC 9700 §4.3.2',
    title: 'an access token in the query or the body is not taken',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await accessToken(deployment, 'caller');
      const form = `access_token=${token}`;
      const authorization = [`Bearer ${token}`];
      checkKeptOut('a token in the query', await callApi(deployment, { query: form }));
      checkKeptOut('a token in a form', await postForm(deployment, form));
      checkLetIn('a token in the header', await callWithToken(deployment, token));
      // Two ways at once are the client's fault; a resource server may overlook the second one.
      const both = isLetIn(await callApi(deployment, { query: form, authorization }));
      deployment.saw(`beside the header a token in the query is ${both ? 'ignored' : 'refused'}`);
    },
  },
];

const formType = ['Content-Type', 'application/x-www-form-urlencoded'] as const;

const postForm = (deployment: Deployment, body: string) =>
  callApi(deployment, { method: 'POST', headers: [formType], body });
