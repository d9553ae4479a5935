import type { Answer } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, type Deployment, NotOffered } from '../conformance-case.ts';
import { fetchMetadata, listed } from '../protocol/metadata.ts';
import { isRecord, mtlsTokenEndpoint } from '../protocol/mtls-endpoint.ts';
import {
  checkInvalidClient,
  checkIssued,
  checkNotAuthenticated,
  type Form,
  formText,
  formType,
  requestToken,
} from '../protocol/token-request.ts';
import type { ClientName } from '../throw-away.ts';

const methods = ['tls_client_auth', 'self_signed_tls_client_auth'];

/** RFC 8705 §2, §5: clients that authenticate by a certificate. */
export const mutualTlsCases: readonly ConformanceCase[] = [
  {
    rule: 'C01',
    section: 'RFC 8705 §2',
    title: 'client_id says whose certificate it is, and nothing counts without a certificate',
    uses: ['basic', 'subject', 'certified'],
    showsCertificate: true,
    provesPossession: true,
    async run(deployment) {
      await checkOffered(deployment);
      const [subject, certified] = (['subject', 'certified'] as const).map((name) =>
        idOf(deployment, name),
      );
      checkNotAuthenticated('a certificate without client_id', await show(deployment, []));
      const ofSecret = await show(deployment, idOf(deployment, 'basic'));
      checkInvalidClient('a certificate for a secret', ofSecret);
      for (const form of [subject, certified]) {
        checkIssued(await show(deployment, form));
        const without = await requestToken(deployment, { form: form ?? [] });
        checkInvalidClient('a client_id without a certificate', without);
      }
    },
  },
  {
    rule: 'C02',
    section: 'RFC 8705 §2.1',
    title: 'the subject of the certificate is the registered one',
    uses: ['subject', 'unlike'],
    showsCertificate: true,
    provesPossession: true,
    run: (deployment) => checkCertificateOf(deployment, 'subject', 'unlike'),
  },
  {
    rule: 'C03',
    section: 'RFC 8705 §2.2',
    title: 'the key of the certificate is a registered one',
    uses: ['certified', 'uncertified'],
    showsCertificate: true,
    provesPossession: true,
    run: (deployment) => checkCertificateOf(deployment, 'certified', 'uncertified'),
  },
  {
    rule: 'C07',
    section: 'RFC 8705 §5',
    title: 'mtls_endpoint_aliases are https URLs of endpoints that the metadata has',
    async run(deployment) {
      const { mtls_endpoint_aliases: aliases, ...metadata } = await fetchMetadata(deployment);
      if (aliases === undefined) {
        throw new NotOffered('the metadata does not announce mtls_endpoint_aliases');
      }
      check(isRecord(aliases), 'mtls_endpoint_aliases is no object');
      check(aliases.token_endpoint !== undefined, 'it has no token_endpoint');
      for (const [name, value] of Object.entries(aliases)) {
        const isUrl = URL.parse(String(value))?.protocol === 'https:' && !/#/.test(String(value));
        check(isUrl, `${name} in mtls_endpoint_aliases is no https URL`);
        check(name in metadata, `${name} is in mtls_endpoint_aliases alone`);
      }
      const named = listed(metadata, 'token_endpoint_auth_methods_supported');
      const isUsed = methods.some((method) => named.includes(method));
      check(isUsed, 'no way of client authentication by certificate is announced');
    },
  },
];

const idOf = (deployment: Deployment, name: ClientName): Form => [
  ['client_id', deployment.client(name).client_id],
];

/** The endpoint at which certificates are asked for. */
async function announced(deployment: Deployment): Promise<URL> {
  const metadata = await fetchMetadata(deployment);
  const named = listed(metadata, 'token_endpoint_auth_methods_supported');
  const missing = methods.find((method) => !named.includes(method));
  if (missing) throw new NotOffered(`the metadata does not announce ${missing}`);
  return mtlsTokenEndpoint(deployment, metadata);
}

/** Ends the case unless certificates are asked for, and there is one to show. */
async function checkOffered(deployment: Deployment): Promise<void> {
  await announced(deployment);
  deployment.certificate();
}

/** Asks for a token, and shows the certificate. */
async function show(deployment: Deployment, form: Form = []): Promise<Answer> {
  return deployment.send({
    url: await announced(deployment),
    method: 'POST',
    headers: [formType],
    body: formText([['grant_type', 'client_credentials'], ...form]),
    tls: deployment.certificate(),
  });
}

/** Checks that a certificate gets one client a token, and another none. */
async function checkCertificateOf(deployment: Deployment, one: ClientName, other: ClientName) {
  await checkOffered(deployment);
  const refused = await show(deployment, idOf(deployment, other));
  checkInvalidClient('the certificate of another', refused);
  checkIssued(await show(deployment, idOf(deployment, one)));
}
