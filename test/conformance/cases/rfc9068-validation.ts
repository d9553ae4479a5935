import { checkOnlyLetIn } from '../api-request.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { strangerKey } from '../forged-token.ts';
import { audienceOf, obtainToken } from '../obtained-token.ts';

/** RFC 9068 §4: what the API's authorizer looks at in an access token. */
export const validationCases: readonly ConformanceCase[] = [
  {
    rule: 'I03',
    section: 'RFC 9068 §4, RFC 8725 §3.11',
    title: 'a JWT whose typ is not at+jwt is no access token (shown with a key of our own)',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await obtainToken(deployment, 'caller');
      const { sign } = await strangerKey(token);
      await checkOnlyLetIn(deployment, token.text, {
        'an ID token (typ JWT)': await sign({ header: { typ: 'JWT' } }),
        'a DPoP proof (typ dpop+jwt)': await sign({ header: { typ: 'dpop+jwt' } }),
        'a JWT without typ': await sign({ header: { typ: undefined } }),
      });
    },
  },
  {
    rule: 'I04',
    section: 'RFC 9068 §4',
    title: 'iss must be the issuer to the byte (shown with a key of our own)',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await obtainToken(deployment, 'caller');
      const { sign } = await strangerKey(token);
      await checkOnlyLetIn(deployment, token.text, {
        'a token of another issuer': await sign({ claims: { iss: 'https://issuer.example' } }),
        'a token whose iss has a slash more': await sign({
          claims: { iss: `${deployment.issuer}/` },
        }),
        'a token without iss': await sign({ claims: { iss: undefined } }),
      });
    },
  },
  {
    rule: 'I05',
    section: 'RFC 9068 §4',
    title: 'a token that the issuer made for another resource server is refused',
    uses: ['caller', 'basic'],
    callsApi: true,
    async run(deployment) {
      const token = await obtainToken(deployment, 'caller');
      const foreign = await obtainToken(deployment, 'basic');
      deployment.saw(`aud ${audienceOf(token)} and aud ${audienceOf(foreign)}`);
      await checkOnlyLetIn(deployment, token.text, {
        'a token for another resource server': foreign.text,
      });
    },
  },
];
