import { type ConformanceCase, check, checkSame, type Deployment } from '../conformance-case.ts';
import {
  checkActive,
  checkOffered,
  checkSoon,
  introspect,
  isActive,
  revoke,
  sendForm,
} from '../protocol/client-endpoint.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { isRevokedIn, readRevocationList } from '../protocol/revocation-list.ts';
import { checkInvalidClient, checkRefused } from '../protocol/token-request.ts';
import type { ClientName } from '../throw-away.ts';

/** Makes a case for an endpoint that a deployment need not offer. */
const revocationCase = (described: ConformanceCase): ConformanceCase => ({
  ...described,
  async run(deployment) {
    await checkOffered(deployment, 'revocation_endpoint');
    await described.run(deployment);
  },
});

/** RFC 7009: a client takes back a token. */
export const revocationCases: readonly ConformanceCase[] = [
  revocationCase({
    rule: 'J01',
    section: 'RFC 7009 §2.1',
    title: 'a client authenticates first, and revokes its own tokens alone',
    uses: ['basic', 'post', 'asker'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      const { text: kept } = await obtainToken(deployment, 'basic');
      const form = [['token', kept]] as const;
      const unknown = await sendForm(deployment, 'revocation_endpoint', { form });
      checkInvalidClient('a request without credentials', unknown);
      const foreign = await revokeInBody(deployment, 'post', kept);
      check(foreign.status < 500, `a token of another client is answered ${foreign.status}`);
      const own = await revoke(deployment, 'basic', text);
      checkSame('the status for its own token', own.status, 200);
      await checkOffered(deployment, 'introspection_endpoint');
      await checkSoon('a revoked token is active', async () => !(await isActive(deployment, text)));
      // By now the other two would be known, too.
      checkActive('a token that others wanted revoked', await introspect(deployment, kept));
    },
  }),
  revocationCase({
    rule: 'J02',
    section: 'RFC 7009 §2.2',
    title: 'a token that is unknown or revoked already is answered with 200, too',
    uses: ['basic'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      const [header, payload] = text.split('.');
      const attempts = {
        'a text that is no token': 'any',
        'a token with another signature': [header, payload, 'c2lnbmF0dXJl'].join('.'),
        'a token': text,
        'the same once more': text,
      };
      for (const [what, token] of Object.entries(attempts)) {
        checkSame(`the status for ${what}`, (await revoke(deployment, 'basic', token)).status, 200);
      }
    },
  }),
  revocationCase({
    rule: 'J03',
    section: 'RFC 7009 §2.1, §2.2.1',
    title: 'it takes POST and one token, and says so in its errors',
    uses: ['basic'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      const send = (form: readonly (readonly [string, string])[], method = 'POST') =>
        sendForm(deployment, 'revocation_endpoint', { by: 'basic', form, method });
      checkRefused('a request without a token', await send([]), [400, 'invalid_request']);
      const twice = [
        ['token', text],
        ['token', text],
      ] as const;
      checkRefused('two tokens', await send(twice), [400, 'invalid_request']);
      const { status } = await send([['token', text]], 'GET');
      check([400, 404, 405].includes(status), `GET is answered ${status}`);
      const answer = await revoke(deployment, 'basic', await anotherJwt(deployment));
      if (answer.status === 200) return;
      checkRefused('a JWT of another kind', answer, [400, 'unsupported_token_type']);
    },
  }),
  revocationCase({
    rule: 'J04',
    section: 'RFC 7009 §2.1',
    title: 'a hint at the kind of token is a hint alone',
    uses: ['basic', 'asker'],
    async run(deployment) {
      await checkOffered(deployment, 'introspection_endpoint');
      for (const hint of ['refresh_token', 'any', 'access_token']) {
        const { text } = await obtainToken(deployment, 'basic');
        const { status } = await revoke(deployment, 'basic', text, [['token_type_hint', hint]]);
        checkSame(`the status with the hint ${hint}`, status, 200);
        const otherwise = `a token revoked with the hint ${hint} is active`;
        await checkSoon(otherwise, async () => !(await isActive(deployment, text)));
      }
    },
  }),
  revocationCase({
    rule: 'J05',
    section: 'RFC 7009 §3',
    title: 'a revoked token is in the list of the issuer within seconds, and another one is not',
    uses: ['basic'],
    async run(deployment) {
      await checkOffered(deployment, 'revocation_list_uri');
      const revoked = await obtainToken(deployment, 'basic');
      const another = await obtainToken(deployment, 'basic');
      await revoke(deployment, 'basic', revoked.text);
      await checkSoon('the list does not have a revoked token', async () =>
        isRevokedIn(await readRevocationList(deployment), revoked),
      );
      const list = await readRevocationList(deployment);
      check(!isRevokedIn(list, another), 'the list has a token that nobody has revoked');
    },
  }),
];

const revokeInBody = (deployment: Deployment, by: ClientName, token: string) => {
  const { client_id, client_secret } = deployment.client(by);
  const form = [
    ['token', token],
    ['client_id', client_id],
    ['client_secret', client_secret],
  ] as const;
  return sendForm(deployment, 'revocation_endpoint', { form });
};

/** Something else that the issuer has signed, if it publishes such a thing. */
async function anotherJwt(deployment: Deployment): Promise<string> {
  await checkOffered(deployment, 'revocation_list_uri');
  return (await deployment.send({ url: deployment.endpoint('revocation_list_uri') })).body;
}
