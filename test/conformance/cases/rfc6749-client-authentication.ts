import { type ConformanceCase, check } from '../conformance-case.ts';
import type { ThrowAwayClient } from '../throw-away.ts';
import {
  basic,
  checkIssued,
  checkRefused,
  type Form,
  inBody,
  requestToken,
  type TokenRequest,
} from '../token-request.ts';

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
        checkRefused(what, await requestToken(deployment, request), [401, 'invalid_client']);
      }
      const authorization = basic({ client_id, client_secret });
      checkIssued(await requestToken(deployment, { authorization }));
    },
  },
  {
    rule: 'A08',
    section: 'RFC 6749 §2.3, §5.2',
    title: 'more than one way of client authentication is refused with invalid_request',
    uses: ['basic'],
    async run(deployment) {
      const client = deployment.client('basic');
      const authorization = basic(client);
      const attempts: Readonly<Record<string, TokenRequest>> = {
        'Basic and a secret in the body': { authorization, form: inBody(client) },
        'Basic and an assertion': { authorization, form: assertion },
        'a secret in the body and an assertion': { form: [...inBody(client), ...assertion] },
      };
      for (const [what, request] of Object.entries(attempts)) {
        checkRefused(what, await requestToken(deployment, request), [400, 'invalid_request']);
      }
      checkIssued(await requestToken(deployment, { form: inBody(client) }));
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
      const answer = await beside(deployment.client('post').client_id);
      const expected = [401, 'invalid_client'] as const;
      const orElse = [400, 'invalid_request'] as const;
      checkRefused('a differing client_id', answer, answer.status === 401 ? expected : orElse);
    },
  },
  {
    rule: 'A09',
    section: 'RFC 6749 §2.3.1, Appendix B, RFC 7617 §2',
    title: 'Basic is supported, its scheme in any case and both halves form-encoded',
    uses: ['basic'],
    async run(deployment) {
      const client = deployment.client('basic');
      const { client_id, client_secret } = client;
      const ways = [
        basic(client),
        basic(client).replace('Basic', 'basic'),
        basic(client).replace('Basic', 'BASIC'),
        credentials(`${partlyEncoded(client_id)}:${partlyEncoded(client_secret)}`),
      ];
      for (const authorization of ways) {
        checkIssued(await requestToken(deployment, { authorization }));
      }
    },
  },
  {
    rule: 'A09',
    section: 'RFC 6749 §2.3.1, Appendix B, RFC 7617 §2',
    title: 'Basic credentials that are not right to the last character are no credentials',
    uses: ['basic'],
    async run(deployment) {
      const client = deployment.client('basic');
      for (const [what, authorization] of Object.entries(nearlyRight(client))) {
        const answer = await requestToken(deployment, { authorization });
        checkRefused(what, answer, [401, 'invalid_client']);
      }
      checkIssued(await requestToken(deployment, { authorization: basic(client) }));
    },
  },
  {
    rule: 'A10',
    section: 'RFC 6749 §2.3.1',
    title: 'a client that is registered for it may send its secret in the body',
    uses: ['post'],
    async run(deployment) {
      const client = deployment.client('post');
      const members = checkIssued(await requestToken(deployment, { form: inBody(client) }));
      check(members.scope === 'orders:read', `its scope is ${members.scope}`);
      const attempts: Readonly<Record<string, Form>> = {
        'a wrong secret in the body': inBody({ ...client, client_secret: 'wrong' }),
        'a secret without client_id': [['client_secret', client.client_secret]],
      };
      for (const [what, form] of Object.entries(attempts)) {
        checkRefused(what, await requestToken(deployment, { form }), [401, 'invalid_client']);
      }
    },
  },
];

const assertion: Form = [
  ['client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'],
  ['client_assertion', 'e30.e30.e30'],
];

const credentials = (userPass: string): string =>
  `Basic ${Buffer.from(userPass).toString('base64')}`;

/** The first character percent-encoded, which is enough to see who decodes; a report hides the rest. */
const partlyEncoded = (text: string): string =>
  `%${Buffer.from(text.slice(0, 1)).toString('hex')}${text.slice(1)}`;

function nearlyRight({ client_id, client_secret }: ThrowAwayClient) {
  const encodedTwice = partlyEncoded(partlyEncoded(client_secret));
  return {
    'a secret with a tail': credentials(`${client_id}:${client_secret}:junk`),
    'a secret that lacks its end': credentials(`${client_id}:${client_secret.slice(0, -1)}`),
    'a secret that is encoded twice': credentials(`${client_id}:${encodedTwice}`),
    'an encoded colon': credentials(`${client_id}%3A${client_secret}`),
    'a client_id without colon': credentials(client_id),
    'an empty secret': credentials(`${client_id}:`),
    'an empty client_id': credentials(`:${client_secret}`),
    'a % that encodes nothing': credentials(`${client_id}:%zz`),
    'a scheme alone': 'Basic',
    'what is no base64': 'Basic ???',
  };
}
