import type { ConformanceCase } from '../conformance-case.ts';
import {
  basic,
  checkInvalidClient,
  checkIssued,
  checkNotAuthenticated,
  checkRefused,
  type Form,
  inBody,
  requestToken,
  type TokenRequest,
} from '../protocol/token-request.ts';

/** RFC 6749 §2.3: how a client authenticates at the token endpoint. */
export const clientAuthenticationCases: readonly ConformanceCase[] = [
  {
    rule: 'A07',
    section: 'RFC 6749 §4.4, §4.4.2, §3.2.1',
    title: 'a client that does not authenticate, or not as itself, gets no token',
    uses: ['basic', 'post'],
    async run(deployment) {
      const { client_id, client_secret } = deployment.client('basic');
      const another = deployment.client('post');
      const attempts: Readonly<Record<string, TokenRequest>> = {
        'a request without credentials': {},
        'a client_id alone': { form: [['client_id', client_id]] },
        'a wrong secret': { authorization: basic({ client_id, client_secret: 'wrong' }) },
        "another client's secret": { authorization: basic({ ...another, client_id }) },
      };
      for (const [what, request] of Object.entries(attempts)) {
        checkInvalidClient(what, await requestToken(deployment, request));
      }
      const authorization = basic({ client_id, client_secret });
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A08',
    section: 'RFC 6749 §2.3, §5.2',
    title: 'more than one way of client authentication is refused with invalid_request',
    uses: ['basic', 'post'],
    async run(deployment) {
      const client = deployment.client('basic');
      const authorization = basic(client);
      const form = inBody(deployment.client('post'));
      const attempts: Readonly<Record<string, TokenRequest>> = {
        'Basic and a secret in the body': { authorization, form: inBody(client) },
        'Basic and an assertion': { authorization, form: assertion },
        'a secret in the body and an assertion': { form: [...form, ...assertion] },
      };
      for (const [what, request] of Object.entries(attempts)) {
        checkRefused(what, await requestToken(deployment, request), [400, 'invalid_request']);
      }
      checkIssued(await requestToken(deployment, { authorization }));
      checkIssued(await requestToken(deployment, { form }));
    },
  },
  {
    rule: 'A08',
    section: 'RFC 6749 §2.3, §3.2.1',
    title: 'a client_id in the body beside Basic credentials has to be the same',
    uses: ['basic', 'post'],
    async run(deployment) {
      const authorization = basic(deployment.client('basic'));
      const beside = (client_id: string) =>
        requestToken(deployment, { authorization, form: [['client_id', client_id]] });
      checkIssued(await beside(deployment.client('basic').client_id));
      const { client_id } = deployment.client('post');
      checkNotAuthenticated('a differing client_id', await beside(client_id));
    },
  },
];

const assertion: Form = [
  ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
  ['client_assertion', 'e30.e30.e30'],
];
