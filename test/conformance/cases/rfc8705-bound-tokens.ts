import { X509Certificate } from 'node:crypto';
import { type Answer, NoAnswer } from '../../../cli/io/http.ts';
import { jsonObject } from '../../../cli/io/json-answer.ts';
import {
  type ConformanceCase,
  check,
  checkSame,
  type Deployment,
  NotOffered,
} from '../conformance-case.ts';
import { callApi, callWithToken, checkKeptOut, checkLetIn } from '../protocol/api-request.ts';
import { assertionOf, byAssertion } from '../protocol/client-assertion.ts';
import { fetchMetadata } from '../protocol/metadata.ts';
import { mtlsTokenEndpoint } from '../protocol/mtls-endpoint.ts';
import { tokenIn } from '../protocol/obtained-token.ts';
import { formText, formType } from '../protocol/token-request.ts';
import { attemptClientId } from '../protocol/unoffered-attempt.ts';

type SealedName = 'sealed' | 'sealholder';

const announcement = 'tls_client_certificate_bound_access_tokens';

/** RFC 8705 §3: tokens that are bound to the client's TLS certificate. */
export const certificateBoundCases: readonly ConformanceCase[] = [
  {
    rule: 'C04',
    section: 'RFC 8705 §3.1, §3.4',
    title: 'a token is bound to the certificate of its connection (cnf.x5t#S256), or there is none',
    uses: ['sealed'],
    showsCertificate: true,
    provesPossession: true,
    async run(deployment) {
      const url = await sealedEndpoint(deployment);
      const cert = new X509Certificate(deployment.certificate().cert);
      const thumbprint = Buffer.from(cert.fingerprint256.replaceAll(':', ''), 'hex');
      const { claims, response } = tokenIn(await requestSealed(deployment, 'sealed', url));
      deployment.saw(`token_type ${response.token_type}, claims ${Object.keys(claims).join(' ')}`);
      checkSame('token_type', String(response.token_type).toLowerCase(), 'bearer');
      checkSame('cnf', claims.cnf, { 'x5t#S256': thumbprint.toString('base64url') });
      const plainUrl = deployment.endpoint('token_endpoint');
      if (plainUrl.href !== url.href) await checkUnsealed(deployment, plainUrl);
    },
  },
  {
    rule: 'C05',
    section: 'RFC 8705 §3',
    title: 'a token that is bound to a certificate gets in with it alone',
    uses: ['sealholder'],
    callsApi: true,
    showsCertificate: true,
    provesPossession: true,
    async run(deployment) {
      const url = await sealedEndpoint(deployment);
      deployment.certificate();
      const { text, claims } = tokenIn(await requestSealed(deployment, 'sealholder', url));
      check(claims.cnf !== undefined, 'the token has no cnf');
      await checkUnshownAtApi(deployment, text);
      await checkShownAtApi(deployment, text);
    },
  },
  {
    rule: 'C06',
    section: 'RFC 8705 §3.3',
    title: 'tls_client_certificate_bound_access_tokens says, by true, that there are such tokens',
    uses: ['basic'],
    provesPossession: true,
    async run(deployment) {
      const { [announcement]: announced = false } = await fetchMetadata(deployment);
      check(typeof announced === 'boolean', `${announcement} is neither true nor false`);
      if (announced) return;
      await attemptClientId(deployment, []);
      throw new NotOffered('the metadata does not announce tokens bound to certificates');
    },
  },
];

/** Where such tokens are to be had. */
async function sealedEndpoint(deployment: Deployment): Promise<URL> {
  const metadata = await fetchMetadata(deployment);
  if (metadata[announcement] === true) return mtlsTokenEndpoint(deployment, metadata);
  throw new NotOffered('the metadata does not announce tokens bound to certificates');
}

/** Asks for a token, and shows the certificate where somebody asks for it. */
function requestSealed(deployment: Deployment, name: SealedName, url: URL): Promise<Answer> {
  const { client_id } = deployment.client(name);
  const form = [['client_id', client_id], ...byAssertion(assertionOf(deployment, name))] as const;
  const body = formText([['grant_type', 'client_credentials'], ...form]);
  return deployment.send({
    url,
    method: 'POST',
    headers: [formType],
    body,
    tls: deployment.certificate(),
  });
}

/** Checks that a client whose tokens have to be bound gets none where nobody asks for certificates. */
async function checkUnsealed(deployment: Deployment, url: URL): Promise<void> {
  const answer = await requestSealed(deployment, 'sealed', url);
  const { access_token } = jsonObject(answer);
  check(access_token === undefined, 'a request without a certificate gets a token');
  check([400, 401].includes(answer.status), `it is answered ${answer.status}`);
}

/** Where certificates are asked for, there may be no answer at all without one. */
async function checkUnshownAtApi(deployment: Deployment, text: string): Promise<void> {
  const answer = await callWithToken(deployment, text).catch((error) => {
    if (error instanceof NoAnswer && isReachedByTls(deployment)) return undefined;
    throw error;
  });
  if (answer) checkKeptOut('it without a certificate', answer);
}

const isReachedByTls = ({ api }: Deployment): boolean => api.startsWith('https:');

/** A certificate can be shown only where the API is reached by TLS. */
async function checkShownAtApi(deployment: Deployment, text: string): Promise<void> {
  if (!isReachedByTls(deployment)) {
    return deployment.saw('the API is not reached by TLS: no certificate can be shown to it');
  }
  const authorization = [`Bearer ${text}`];
  const answer = await callApi(deployment, { authorization, tls: deployment.certificate() });
  checkLetIn('it with its certificate', answer);
}
