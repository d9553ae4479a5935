import type { ConformanceCase } from '../conformance-case.ts';
import { checkScope } from '../protocol/granted-scope.ts';
import {
  basic,
  checkIssued,
  checkRefused,
  formText,
  inBody,
  requestToken,
} from '../protocol/token-request.ts';

/** RFC 6749 §4.4.2 and §3.3: what a token request asks for. */
export const accessTokenRequestCases: readonly ConformanceCase[] = [
  {
    rule: 'A12',
    section: 'RFC 6749 §4.4.2, §5.2',
    title: 'grant_type is required, and one that is unknown is unsupported_grant_type',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const missing = await requestToken(deployment, { authorization, form: 'scope=orders:read' });
      checkRefused('a request without grant_type', missing, [400, 'invalid_request']);
      for (const grantType of unknownGrantTypes) {
        const form = formText([['grant_type', grantType]]);
        const answer = await requestToken(deployment, { authorization, form });
        checkRefused(`grant_type ${grantType}`, answer, [400, 'unsupported_grant_type']);
      }
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A13',
    section: 'RFC 6749 §3.3, §5.2',
    title: 'a scope outside of the grammar is refused with invalid_scope',
    uses: ['basic'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      for (const [what, scope] of Object.entries(malformedScopes)) {
        const form = [['scope', scope]] as const;
        const answer = await requestToken(deployment, { authorization, form });
        checkRefused(`a scope with ${what}`, answer, [400, 'invalid_scope']);
      }
      const form = [['scope', 'orders:write orders:read']] as const;
      const members = checkIssued(await requestToken(deployment, { authorization, form }));
      checkScope('scope', members.scope, 'orders:read orders:write');
    },
  },
  {
    rule: 'A13',
    section: 'RFC 6749 §3.3',
    title: 'a scope that is unknown, differs in case, or is for others is not granted',
    uses: ['post'],
    async run(deployment) {
      const credentials = inBody(deployment.client('post'));
      const ask = (scope: string) =>
        requestToken(deployment, { form: [...credentials, ['scope', scope]] });
      for (const scope of ['orders:delete', 'Orders:Read', 'orders:rea', 'orders:write']) {
        checkRefused(`the scope ${scope}`, await ask(scope), [400, 'invalid_scope']);
      }
      // Narrowing it to what the client may have would do as well, if the answer says so.
      const beyond = await ask('orders:read orders:write');
      if (beyond.status === 200) {
        checkScope('the narrowed scope', checkIssued(beyond).scope, 'orders:read');
      } else {
        checkRefused('a scope that is partly for others', beyond, [400, 'invalid_scope']);
      }
      checkScope('scope', checkIssued(await ask('orders:read')).scope, 'orders:read');
    },
  },
  {
    rule: 'A14',
    section: 'RFC 6749 §3.3',
    title: 'without scope the client gets a pre-defined default, here all that it may have',
    uses: ['basic', 'post'],
    async run(deployment) {
      const requests = [
        [{ authorization: basic(deployment.client('basic')) }, 'orders:read orders:write'],
        [{ form: inBody(deployment.client('post')) }, 'orders:read'],
      ] as const;
      for (const [request, expected] of requests) {
        const members = checkIssued(await requestToken(deployment, request));
        checkScope('the default scope', members.scope, expected);
      }
    },
  },
];

const unknownGrantTypes = [
  'urn:example:conformance',
  'Client_Credentials',
  'client_credentials ',
  'authorization_code client_credentials',
];

const malformedScopes = {
  'two spaces': 'orders:read  orders:write',
  'a space in front': ' orders:read',
  'a space at the end': 'orders:read ',
  'a space alone': ' ',
  'a tab': 'orders:read\torders:write',
  'a line break': 'orders:read\n',
  'a quotation mark': 'orders:read "',
  'a backslash': 'orders:read \\',
  'a letter beyond ASCII': 'orders:read é',
};
