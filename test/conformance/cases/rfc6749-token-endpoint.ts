import { header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import {
  basic,
  checkIssued,
  checkListed,
  checkRefused,
  type Form,
  formText,
  inBody,
  requestToken,
} from '../protocol/token-request.ts';

const grantType = ['grant_type', 'client_credentials'] as const;
const readScope = ['scope', 'orders:read'] as const;

/** RFC 6749 §3.2: how requests reach the token endpoint. */
export const tokenEndpointCases: readonly ConformanceCase[] = [
  {
    rule: 'A01',
    section: 'RFC 6749 §3.2, RFC 9110 §15.5.6',
    title: 'the client uses POST; any other method gets 405 or 400, and no token',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const query = method === 'GET' ? formText([grantType]) : '';
        const answer = await requestToken(deployment, { method, authorization, query });
        check(!answer.body.includes('access_token'), `${method} gets a token`);
        if (answer.status === 400) {
          checkRefused(method, answer, [400, 'invalid_request']);
        } else {
          checkSame(`the answer to ${method}`, answer.status, 405);
          checkListed('Allow', header(answer, 'allow'), 'POST');
        }
      }
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A02',
    section: 'RFC 6749 §2.3.1, §4.4.2',
    title: 'parameters belong in the form body; one in the request URI is refused',
    uses: ['post'],
    async run(deployment) {
      const form: Form = [grantType, readScope, ...inBody(deployment.client('post'))];
      for (const parameter of form) {
        const answer = await requestToken(deployment, {
          form: formText(form.filter((other) => other !== parameter)),
          query: formText([parameter]),
        });
        checkRefused(`${parameter[0]} in the URI`, answer, [400, 'invalid_request']);
      }
      checkIssued(await requestToken(deployment, { form: formText(form) }));
    },
  },
  {
    rule: 'A02',
    section: 'RFC 6749 Appendix B',
    title: 'names and values are decoded: a plus sign is a space, %XX an octet of UTF-8',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const space of ['+', '%20']) {
        const scope = `orders%3Aread${space}%6Frders:write`;
        const form = `%67rant%5ftype=client_credential%73&scope=${scope}`;
        const members = checkIssued(await requestToken(deployment, { authorization, form }));
        checkScope('scope', members.scope, 'orders:read orders:write');
      }
    },
  },
  {
    rule: 'A03',
    section: 'RFC 6749 §3.2',
    title: 'a parameter without a value is treated as if it were omitted',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const empty = 'scope=&resource=&client_id=&client_secret=&client_assertion&audience';
      const form = `${formText([grantType])}&${empty}`;
      const omitted = checkIssued(await requestToken(deployment, { authorization }));
      const members = checkIssued(await requestToken(deployment, { authorization, form }));
      checkSame('scope', members.scope, omitted.scope);
      for (const without of ['grant_type=', 'grant_type']) {
        const answer = await requestToken(deployment, { authorization, form: without });
        checkRefused(without, answer, [400, 'invalid_request']);
      }
    },
  },
  {
    rule: 'A04',
    section: 'RFC 6749 §3.2, §5.2',
    title: 'a repeated parameter is refused with invalid_request',
    uses: ['post'],
    async run(deployment) {
      const form: Form = [grantType, readScope, ...inBody(deployment.client('post'))];
      for (const parameter of form) {
        const repeated = { form: formText([...form, parameter]) };
        const answer = await requestToken(deployment, repeated);
        checkRefused(`${parameter[0]} twice`, answer, [400, 'invalid_request']);
      }
      const disguised = { form: `${formText(form)}&%73cope=orders%3Aread` };
      const answer = await requestToken(deployment, disguised);
      checkRefused('%73cope beside scope', answer, [400, 'invalid_request']);
      checkIssued(await requestToken(deployment, { form: formText(form) }));
    },
  },
  {
    rule: 'A05',
    section: 'RFC 6749 §3.2',
    title: 'parameters that the server does not know are ignored',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const plain = checkIssued(await requestToken(deployment, { authorization }));
      const form: Form = [
        ['expires_in', '999999999'],
        ['redirect_uri', 'https://client.example/cb'],
        ['__proto__', 'x'],
        ['conformance', 'x'],
      ];
      const members = checkIssued(await requestToken(deployment, { authorization, form }));
      checkSame('scope', members.scope, plain.scope);
      checkSame('expires_in', members.expires_in, plain.expires_in);
      checkSame('the members', Object.keys(members), Object.keys(plain));
    },
  },
];
