import { type ConformanceCase, check } from '../conformance-case.ts';
import {
  basic,
  checkInvalidClient,
  checkIssued,
  checkNotAuthenticated,
  inBody,
  requestToken,
  type TokenRequest,
} from '../protocol/token-request.ts';
import type { ThrowAwayClient } from '../throw-away.ts';

/** RFC 6749 §2.3.1: how a client sends its secret. */
export const clientSecretCases: readonly ConformanceCase[] = [
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
        checkInvalidClient(what, answer);
      }
      for (const [what, authorization] of Object.entries(malformed(client))) {
        checkNotAuthenticated(what, await requestToken(deployment, { authorization }));
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
      const wrong = await requestToken(deployment, {
        form: inBody({ ...client, client_secret: 'wrong' }),
      });
      checkInvalidClient('a wrong secret in the body', wrong);
      const form = [['client_secret', client.client_secret]] as const;
      const nameless = await requestToken(deployment, { form });
      checkNotAuthenticated('a secret without client_id', nameless);
    },
  },
  {
    rule: 'A10',
    section: 'RFC 6749 §2.3.1',
    title:
      'a secret on the other way than the registered one is taken or refused, and a wrong one refused',
    uses: ['basic', 'post'],
    async run(deployment) {
      const [ofHeader, ofBody] = [deployment.client('basic'), deployment.client('post')];
      const moved: Readonly<Record<string, TokenRequest>> = {
        'a secret for the header in the body': { form: inBody(ofHeader) },
        'a secret for the body in the header': { authorization: basic(ofBody) },
      };
      for (const [what, request] of Object.entries(moved)) {
        const answer = await requestToken(deployment, request);
        // A deployment may hold a client to its registration.
        if (answer.status === 200) checkIssued(answer);
        else checkInvalidClient(what, answer);
      }
      const wrong: Readonly<Record<string, TokenRequest>> = {
        'a wrong secret in the body': { form: inBody({ ...ofHeader, client_secret: 'wrong' }) },
        'a wrong secret in the header': {
          authorization: basic({ ...ofBody, client_secret: 'wrong' }),
        },
      };
      for (const [what, request] of Object.entries(wrong)) {
        checkInvalidClient(what, await requestToken(deployment, request));
      }
    },
  },
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
  };
}

function malformed({ client_id, client_secret }: ThrowAwayClient) {
  return {
    'an encoded colon': credentials(`${client_id}%3A${client_secret}`),
    'a client_id without colon': credentials(client_id),
    'an empty secret': credentials(`${client_id}:`),
    'an empty client_id': credentials(`:${client_secret}`),
    'a % that encodes nothing': credentials(`${client_id}:%zz`),
    'a scheme alone': 'Basic',
    'what is no base64': 'Basic ???',
  };
}
