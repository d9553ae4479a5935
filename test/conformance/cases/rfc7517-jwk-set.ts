import type { JWK } from 'jose';
import { header } from '../../../cli/io/http.ts';
import { type ConformanceCase, check, checkSame } from '../conformance-case.ts';
import { octets } from '../protocol/base64url.ts';
import { fetchKeys, keyOf, thumbprintOf } from '../protocol/jwk-set.ts';
import { obtainToken } from '../protocol/obtained-token.ts';
import { checkPublic } from '../protocol/public-document.ts';

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1; RFC 8037 §2; RFC 9964 §3. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Octets of a coordinate (RFC 7518 §6.2.1.2). */
const coordinateLengths: Readonly<Record<string, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
};

/** What load balancers of AWS take. */
const mostKeys = 10;
const mostBytes = 150 * 1024;

/** RFC 7517: the published keys. */
export const jwkSetCases: readonly ConformanceCase[] = [
  {
    rule: 'G01',
    section: 'RFC 7517 §5',
    title: 'the JWK Set is a JSON object with an array of keys',
    async run(deployment) {
      const keys = await fetchKeys(deployment);
      deployment.saw(`${keys.length} keys`);
    },
  },
  {
    rule: 'G02',
    section: 'RFC 7517 §4, RFC 7518 §6',
    title: 'each key has kty, use, alg and a kid of its own, and no private member',
    async run(deployment) {
      const keys = await fetchKeys(deployment);
      keys.forEach(checkMembers);
      const ids = keys.map(({ kid }) => kid);
      checkSame('the number of different kid', new Set(ids).size, keys.length);
      deployment.saw(keys.map((key) => Object.keys(key).join(' ')).join('; '));
    },
  },
  {
    rule: 'G03',
    section: 'RFC 7518 §2, §6.2.1.2, §6.2.1.3, §6.3.1',
    title: 'integers have no leading zero octet, and coordinates the full length of their curve',
    async run(deployment) {
      for (const key of await fetchKeys(deployment)) {
        deployment.saw(numbersOf(key));
      }
    },
  },
  {
    rule: 'G04',
    section: 'RFC 7517 §8.5.2, RFC 9111 §5.2.2, RFC 9110 §13.1.2, Fetch, CORS protocol',
    title: 'the JWK Set comes as JSON to any page, with an ETag, and may be cached',
    async run(deployment) {
      const url = deployment.endpoint('jwks_uri');
      const type = header(await deployment.send({ url }), 'content-type') ?? 'nothing';
      const isRight = /^application\/(jwk-set\+)?json\s*(;|$)/i.test(type);
      check(isRight, `the JWK Set comes as ${type}`);
      await checkPublic(deployment, url);
    },
  },
  {
    rule: 'G05',
    section: 'RFC 7517 §5',
    title: 'the key of a new token is in the JWK Set, which is not larger than AWS takes it',
    uses: ['basic'],
    async run(deployment) {
      const token = await obtainToken(deployment, 'basic');
      const keys = await fetchKeys(deployment);
      keyOf(token, keys);
      const bytes = Buffer.byteLength(JSON.stringify({ keys }));
      deployment.saw(`${keys.length} keys, ${bytes} bytes`);
      check(keys.length <= mostKeys, `the JWK Set has ${keys.length} keys, more than ${mostKeys}`);
      check(bytes <= mostBytes, `the JWK Set has ${bytes} bytes, more than ${mostBytes}`);
    },
  },
  {
    rule: 'G06',
    section: 'RFC 7638 §3',
    title: 'the kid of each key is its SHA-256 thumbprint',
    async run(deployment) {
      for (const key of await fetchKeys(deployment)) {
        const thumbprint = await thumbprintOf(key);
        deployment.saw(`kid ${key.kid}, thumbprint ${thumbprint}`);
        checkSame(`kid of a key of kty ${key.kty}`, key.kid, thumbprint);
      }
    },
  },
  {
    rule: 'G07',
    section: 'RFC 7517 §4.1, §4.4',
    title: 'all keys are of one kty, so that a consumer that knows one kind reads the whole set',
    async run(deployment) {
      const keys = await fetchKeys(deployment);
      const kinds = [...new Set(keys.map(({ kty }) => kty))];
      deployment.saw(`kty ${kinds.join(', ')}`);
      check(kinds.length === 1, `the JWK Set mixes keys of kty ${kinds.join(' and ')}`);
      check(
        keys.every(({ alg }) => typeof alg === 'string'),
        'a key does not say its alg',
      );
    },
  },
];

function checkMembers(key: JWK): void {
  checkSame('use of a key', key.use, 'sig');
  check(typeof key.alg === 'string' && key.alg !== '', 'a key has no alg');
  check(typeof key.kid === 'string' && key.kid !== '', 'a key has no kid');
  check(key.kty !== 'oct', 'a shared secret is published');
  const told = privateMembers.filter((name) => name in key);
  check(told.length === 0, `a key is published with its private ${told.join(', ')}`);
  // RFC 7517 §4.3: both together SHOULD NOT be used.
  check(key.key_ops === undefined, 'a key has both use and key_ops');
}

/** Checks the numbers of a key and says how long they are. */
function numbersOf({ kty, crv = '', n, e, x, y }: JWK): string {
  if (kty === 'RSA') {
    const integers = [octets('n', n), octets('e', e)];
    check(
      integers.every(([first]) => first !== 0),
      'n or e of an RSA key begins with zero',
    );
    return `RSA with ${integers.map(({ length }) => length).join(' and ')} octets`;
  }
  if (kty !== 'EC') return `${kty} has neither integers nor coordinates`;
  const lengths = [octets('x', x).length, octets('y', y).length];
  const expected = coordinateLengths[crv];
  checkSame(`the lengths of x and y on ${crv}`, lengths, [expected, expected]);
  return `${crv} with ${lengths.join(' and ')} octets`;
}
