import { decodeJwt } from 'jose';
import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';
import { checkAccepted } from '../protocol/client-assertion.ts';
import { checkSignature, fetchKeys } from '../protocol/jwk-set.ts';
import { fetchMetadata, isSecure, listed } from '../protocol/metadata.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import {
  basic,
  checkIssued,
  checkRefused,
  inBody,
  requestToken,
} from '../protocol/token-request.ts';

/** Grants that a deployment may or may not have. */
const otherGrants = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
];

/** Endpoints that are announced together with how to authenticate there. */
const endpointsForClients = ['introspection_endpoint', 'revocation_endpoint'];

/** RFC 8414 §2: what the metadata says, and whether it is so. */
export const announcementCases: readonly ConformanceCase[] = [
  {
    rule: 'H04',
    section: 'RFC 8414 §2',
    title: 'grant_types_supported is there, and tells the grants that work from those that do not',
    uses: ['basic'],
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const announced = listed(metadata, 'grant_types_supported');
      check(announced.includes('client_credentials'), 'client_credentials is not announced');
      await obtainToken(deployment, 'basic');
      const authorization = basic(deployment.client('basic'));
      for (const grant of otherGrants.filter((name) => !announced.includes(name))) {
        const form = new URLSearchParams({ grant_type: grant }).toString();
        const answer = await requestToken(deployment, { authorization, form });
        checkRefused(`the grant ${grant}`, answer, [400, 'unsupported_grant_type']);
      }
    },
  },
  {
    rule: 'H05',
    section: 'RFC 8414 §2',
    title: 'token_endpoint_auth_methods_supported is there, and what it announces works',
    uses: ['basic', 'post', 'signer'],
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const methods = listed(metadata, 'token_endpoint_auth_methods_supported');
      check(methods.length > 0, 'token_endpoint_auth_methods_supported is missing');
      checkSigningAlgorithms(methods, metadata.token_endpoint_auth_signing_alg_values_supported);
      if (methods.includes('client_secret_basic')) await obtainToken(deployment, 'basic');
      if (methods.includes('client_secret_post')) {
        checkIssued(await requestToken(deployment, { form: inBody(deployment.client('post')) }));
      }
      if (methods.includes('private_key_jwt')) await checkAccepted(deployment, 'signer');
    },
  },
  {
    rule: 'H06',
    section: 'RFC 8414 §2',
    title: 'each endpoint is an https URL, and lists are lists of texts',
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const required = ['token_endpoint', 'jwks_uri'];
      const endpoints = Object.keys(metadata).filter((name) => name.endsWith('_endpoint'));
      for (const name of new Set([...required, ...endpoints])) {
        const value = metadata[name];
        const isGood = isSecure(value) && !String(value).includes('#');
        check(isGood, `${name} is ${JSON.stringify(value) ?? 'missing'}, no https URL`);
      }
      for (const name of endpointsForClients.filter((name) => metadata[name] !== undefined)) {
        const methods = listed(metadata, `${name}_auth_methods_supported`);
        check(methods.length > 0, `${name}_auth_methods_supported is missing`);
      }
      for (const [name, value] of Object.entries(metadata)) {
        if (!/^(scopes|.+_types|.+_methods|.+_values)_supported$/.test(name)) continue;
        const isList = Array.isArray(value) && listed(metadata, name).length === value.length;
        check(isList, `${name} is no list of texts`);
      }
    },
  },
  {
    rule: 'H08',
    section: 'RFC 8414 §2.1',
    title: 'signed metadata verifies with a published key, and says the same',
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const { signed_metadata } = metadata;
      if (signed_metadata === undefined) throw new NotOffered('the metadata is not signed');
      check(typeof signed_metadata === 'string', 'signed_metadata is no text');
      await checkSignature('signed_metadata', signed_metadata, await fetchKeys(deployment));
      const { iss, ...claims } = decodeJwt(signed_metadata);
      checkSame('iss of signed_metadata', iss, deployment.issuer);
      for (const [name, value] of Object.entries(claims).filter(([name]) => name in metadata)) {
        checkSame(`${name} in signed_metadata`, value, metadata[name]);
      }
    },
  },
];

function checkSigningAlgorithms(methods: readonly string[], algorithms: unknown): void {
  const byJwt = methods.find((method) => /^(private_key|client_secret)_jwt$/.test(method));
  const name = 'token_endpoint_auth_signing_alg_values_supported';
  if (byJwt) check(Array.isArray(algorithms), `${name} is missing, though ${byJwt} is announced`);
  if (!Array.isArray(algorithms)) return;
  // A public key is no secret to key an HMAC with (RFC 8725 §2.1).
  const hasSecret = methods.includes('client_secret_jwt');
  const isUnfit = (alg: unknown) => alg === 'none' || (!hasSecret && /^HS/.test(String(alg)));
  const unfit = algorithms.find(isUnfit);
  check(unfit === undefined, `${name} has ${unfit} in it`);
}
