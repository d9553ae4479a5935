import { decodeJwt, decodeProtectedHeader } from 'jose';
import { header } from '../../../cli/io/http.ts';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  Nonconformity,
  NotOffered,
} from '../conformance-case.ts';
import {
  checkActive,
  checkInactive,
  checkOffered,
  checkSoon,
  introspect,
  revoke,
  sendForm,
} from '../protocol/client-endpoint.ts';
import { newProofKey } from '../protocol/dpop-proof.ts';
import { dpopCase, obtainBoundToken } from '../protocol/dpop-request.ts';
import { checkSignature, fetchKeys } from '../protocol/jwk-set.ts';
import { fetchMetadata, listed } from '../protocol/metadata.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { checkInvalidClient, checkNotCached } from '../protocol/token-request.ts';

/** Makes a case for an endpoint that a deployment need not offer. */
const introspectionCase = (described: ConformanceCase): ConformanceCase => ({
  ...described,
  async run(deployment) {
    await checkOffered(deployment, 'introspection_endpoint');
    await described.run(deployment);
  },
});

const signedType = 'application/token-introspection+jwt';

/** RFC 7662 and RFC 9701: a resource server asks what a token is worth. */
export const introspectionCases: readonly ConformanceCase[] = [
  introspectionCase({
    rule: 'K01',
    section: 'RFC 7662 §2.1, §2.2',
    title: 'a resource server that authenticates is told what a token says, and nobody else',
    uses: ['basic', 'asker'],
    async run(deployment) {
      const { text, claims } = await obtainToken(deployment, 'basic');
      const form = [['token', text]] as const;
      const unknown = await sendForm(deployment, 'introspection_endpoint', { form });
      checkInvalidClient('a request without credentials', unknown);
      const stranger = jsonObject(await introspect(deployment, text, 'basic'));
      check(stranger.active !== true, 'a client that is no resource server is told about a token');
      const byGet = { by: 'asker', form, method: 'GET' } as const;
      const { status } = await sendForm(deployment, 'introspection_endpoint', byGet);
      check([400, 404, 405].includes(status), `GET is answered ${status}`);
      const told = checkActive('a right token', await introspect(deployment, text));
      for (const name of ['iss', 'sub', 'client_id', 'aud', 'scope', 'exp', 'iat', 'jti']) {
        checkSame(`${name} of the answer`, told[name], claims[name]);
      }
    },
  }),
  introspectionCase({
    rule: 'K02',
    section: 'RFC 7662 §2.2, §4',
    title: 'of a token that is of no use nothing is said but active false',
    uses: ['basic', 'bookkeeper', 'asker'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      const { text: foreign } = await obtainToken(deployment, 'bookkeeper');
      checkInactive('a text that is no token', await introspect(deployment, 'any'));
      checkInactive('a token for another API', await introspect(deployment, foreign));
      checkActive('a right token', await introspect(deployment, text));
    },
  }),
  introspectionCase({
    rule: 'K03',
    section: 'RFC 7662 §4',
    title: 'the signature counts, and so does a revocation',
    uses: ['basic', 'asker'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      for (const [what, forged] of Object.entries(forgeries(text))) {
        checkInactive(what, await introspect(deployment, forged));
      }
      checkActive('a right token', await introspect(deployment, text));
      await checkOffered(deployment, 'revocation_endpoint');
      await revoke(deployment, 'basic', text);
      // Of several instances some hear of it later, so that one answer is looked at, and no other.
      let last = await introspect(deployment, text);
      await checkSoon('a revoked token is active', async () => {
        last = await introspect(deployment, text);
        return jsonObject(last).active !== true;
      });
      checkInactive('a revoked token', last);
    },
  }),
  dpopCase(
    introspectionCase({
      rule: 'K04',
      section: 'RFC 9449 §6.2, RFC 7662 §2.2',
      title: 'the answer says what a token is bound to',
      uses: ['keyed', 'basic', 'asker'],
      async run(deployment) {
        const metadata = await fetchMetadata(deployment);
        const methods = listed(metadata, 'introspection_endpoint_auth_methods_supported');
        if (!methods.includes('client_secret_basic')) {
          throw new NotOffered(
            'the metadata does not announce client_secret_basic, by which the case asks',
          );
        }
        const { text, claims } = await obtainBoundToken(deployment, 'keyed', await newProofKey());
        const told = checkActive('a bound token', await introspect(deployment, text));
        checkSame('cnf of the answer', told.cnf, claims.cnf);
        checkSame('token_type of the answer', told.token_type, 'DPoP');
        const bearer = await obtainToken(deployment, 'basic');
        const free = checkActive('a bearer token', await introspect(deployment, bearer.text));
        checkSame('token_type of another', free.token_type, 'Bearer');
      },
    }),
  ),
  introspectionCase({
    rule: 'K05',
    section: 'RFC 9701 §4, §5',
    title: 'an answer that was asked for as a JWT is signed, for who asked',
    uses: ['basic', 'asker'],
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      if (listed(metadata, 'introspection_signing_alg_values_supported').length === 0) {
        throw new NotOffered('the metadata does not announce signed answers');
      }
      const { text } = await obtainToken(deployment, 'basic');
      const told = await signedAnswer(deployment, text);
      checkSame('active of the answer', told.active, true);
      checkSame('the answer on no token', await signedAnswer(deployment, 'any'), { active: false });
    },
  }),
  introspectionCase({
    rule: 'K06',
    section: 'RFC 7662 §4',
    title: 'no cache may keep an answer',
    uses: ['basic', 'asker'],
    async run(deployment) {
      const { text } = await obtainToken(deployment, 'basic');
      for (const [what, token] of Object.entries({ 'a right token': text, 'no token': 'any' })) {
        checkNotCached(`the answer on ${what}`, await introspect(deployment, token));
      }
    },
  }),
];

/** A token with other claims, and one with another signature. */
function forgeries(text: string): Readonly<Record<string, string>> {
  const [header = '', payload = '', signature = ''] = text.split('.');
  const claims = { ...decodeJwt(text), scope: 'orders:read orders:write orders:delete' };
  const other = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return {
    'a token with other claims': [header, other, signature].join('.'),
    'a token with another signature': [
      header,
      payload,
      signature.split('').reverse().join(''),
    ].join('.'),
  };
}

async function signedAnswer(deployment: Deployment, token: string): Promise<JsonMembers> {
  const form = [['token', token]] as const;
  const headers = [['Accept', signedType]] as const;
  const asked = { by: 'asker', form, headers } as const;
  const answer = await sendForm(deployment, 'introspection_endpoint', asked);
  checkSame('the status of the answer', answer.status, 200);
  checkSame('Content-Type of the answer', header(answer, 'content-type'), signedType);
  const { typ, claims } = partsOf(answer.body);
  checkSame('typ of the answer', typ, 'token-introspection+jwt');
  await checkSignature('the answer', answer.body, await fetchKeys(deployment));
  const { iss, aud, iat, token_introspection, ...others } = claims;
  const { client_id } = deployment.client('asker');
  checkSame('iss and aud of the answer', [iss, [aud].flat()], [deployment.issuer, [client_id]]);
  check(typeof iat === 'number', 'iat of the answer is no number');
  const misused = ['sub', 'exp'].filter((name) => name in others);
  checkSame('sub and exp, by which it might be taken for a token', misused, []);
  check(typeof token_introspection === 'object', 'token_introspection is no object');
  return { ...token_introspection };
}

type JsonMembers = Readonly<Record<string, unknown>>;

function partsOf(text: string) {
  try {
    return { typ: decodeProtectedHeader(text).typ, claims: decodeJwt(text) as JsonMembers };
  } catch {
    throw new Nonconformity('the answer is no JWT');
  }
}
