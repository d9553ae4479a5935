import { header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { fetchKeys } from '../protocol/jwk-set.ts';
import {
  appendedUrl,
  fetchMetadata,
  insertedUrl,
  isSecure,
  listed,
  type WellKnown,
} from '../protocol/metadata.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { checkPreflight, checkPublic } from '../protocol/public-document.ts';

const sameInBoth = ['issuer', 'token_endpoint', 'jwks_uri'];
const documents: readonly WellKnown[] = ['oauth-authorization-server', 'openid-configuration'];

/** RFC 8414: where the metadata is, and how it comes. */
export const metadataCases: readonly ConformanceCase[] = [
  {
    rule: 'H01',
    section: 'RFC 8414 §2, §3.3, RFC 9068 §4',
    title: 'the issuer is an https URL alone, the same in the metadata, its place and each token',
    uses: ['basic'],
    async run(deployment) {
      const { issuer } = await fetchMetadata(deployment);
      deployment.saw(`issuer ${issuer}`);
      check(isSecure(issuer), `the issuer is ${JSON.stringify(issuer)}, no https URL`);
      check(!/[?#]/.test(String(issuer)), 'the issuer has a query or a fragment');
      checkSame('issuer', issuer, deployment.issuer);
      const { claims } = await obtainToken(deployment, 'basic');
      deployment.saw(`iss ${claims.iss}`);
      checkSame('iss', claims.iss, deployment.issuer);
    },
  },
  {
    rule: 'H02',
    section: 'RFC 8414 §3, §3.1, OpenID Connect Discovery 1.0 §4',
    title: 'the metadata is at its two well-known places, and not at those of another issuer',
    async run(deployment) {
      const { issuer } = deployment;
      const inserted = insertedUrl(issuer, 'oauth-authorization-server');
      for (const url of [inserted, appendedUrl(issuer, 'openid-configuration')]) {
        checkSame(
          `issuer at ${url.pathname}`,
          (await fetchMetadata(deployment, url)).issuer,
          issuer,
        );
      }
      const other = insertedUrl(`${issuer}/other`, 'oauth-authorization-server');
      const { status } = await deployment.send({ url: other });
      check(status === 404 || status === 403, `${other.pathname} is answered ${status}, not 404`);
    },
  },
  {
    rule: 'H03',
    section: 'RFC 8414 §3.2',
    title: 'the metadata is answered with 200 as application/json, without empty lists',
    async run(deployment) {
      const url = insertedUrl(deployment.issuer, 'oauth-authorization-server');
      const type = header(await deployment.send({ url }), 'content-type') ?? 'nothing';
      check(/^application\/json\s*(;|$)/i.test(type), `the metadata comes as ${type}`);
      const metadata = await fetchMetadata(deployment);
      const empty = Object.keys(metadata).filter((name) => isEmpty(metadata[name]));
      // REQUIRED by §2, and clients refuse a document without it: kept although it is empty.
      const others = empty.filter((name) => name !== 'response_types_supported');
      if (others.length < empty.length) deployment.saw('response_types_supported is there, empty');
      checkSame('the list of other members without a value', others, []);
    },
  },
  {
    rule: 'H07',
    section: 'OpenID Connect Discovery 1.0 §3',
    title: 'the OpenID document says the same, and what verifiers of tokens look for in it',
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const url = appendedUrl(deployment.issuer, 'openid-configuration');
      const openid = await fetchMetadata(deployment, url);
      for (const name of sameInBoth) {
        check(typeof openid[name] === 'string', `${name} is missing`);
        checkSame(name, openid[name], metadata[name]);
      }
      check(isSecure(openid.authorization_endpoint), 'authorization_endpoint is missing');
      check(Array.isArray(openid.response_types_supported), 'response_types_supported is missing');
      const subjects = listed(openid, 'subject_types_supported');
      check(subjects.length > 0, 'subject_types_supported is missing');
      const algorithms = listed(openid, 'id_token_signing_alg_values_supported');
      for (const { alg } of await fetchKeys(deployment)) {
        const isListed = algorithms.includes(String(alg));
        check(isListed, `id_token_signing_alg_values_supported lacks ${alg} of a published key`);
      }
    },
  },
  {
    rule: 'H09',
    section: 'RFC 9111 §5.2.2, RFC 9110 §13.1.2, Fetch, CORS protocol',
    title: 'any page may read the metadata, and caches may keep it',
    async run(deployment) {
      for (const name of documents) await checkPublic(deployment, placeOf(deployment.issuer, name));
    },
  },
  {
    rule: 'H09',
    section: 'Fetch, CORS protocol',
    title: 'a page that sends headers of its own may ask beforehand',
    async run(deployment) {
      const urls = documents.map((name) => placeOf(deployment.issuer, name));
      for (const url of [...urls, deployment.endpoint('jwks_uri')]) {
        await checkPreflight(deployment, url);
      }
    },
  },
];

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0);

const placeOf = (issuer: string, name: WellKnown): URL =>
  name === 'openid-configuration' ? appendedUrl(issuer, name) : insertedUrl(issuer, name);
