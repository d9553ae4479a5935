import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';
import { checkSignature, fetchKeys, keyOf } from '../protocol/jwk-set.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

const publicKeyAlgorithms = /^((RS|PS|ES)(256|384|512)|Ed25519|EdDSA|ML-DSA-(44|65|87))$/;

/** RFC 9068 §2.1: the header of an access token. */
export const accessTokenHeaderCases: readonly ConformanceCase[] = [
  {
    rule: 'E01',
    section: 'RFC 9068 §2.1, §4',
    title: 'an access token is signed with a published key, never with none or a shared secret',
    uses: ['basic'],
    async run(deployment) {
      const { text, header } = await obtainToken(deployment, 'basic');
      deployment.saw(`header ${JSON.stringify(header)}`);
      const isGood = publicKeyAlgorithms.test(String(header.alg));
      check(isGood, `alg of the token is ${JSON.stringify(header.alg)}`);
      await checkSignature('the token', text, await fetchKeys(deployment));
    },
  },
  {
    rule: 'E01',
    section: 'RFC 9068 §2.1',
    title: 'the authorization server supports RS256',
    uses: ['basic'],
    async run(deployment) {
      const { header } = await obtainToken(deployment, 'basic');
      const key = keyOf({ header }, await fetchKeys(deployment));
      deployment.saw(`alg ${header.alg} with a key of kty ${key.kty} for ${key.alg}`);
      if (header.alg !== 'RS256') {
        throw new NotOffered(
          `its tokens are signed with ${header.alg}; whether it could use RS256 cannot be seen`,
        );
      }
      checkSame('alg of its key', key.alg, 'RS256');
    },
  },
  {
    rule: 'E02',
    section: 'RFC 9068 §2.1',
    title: 'typ in the header is at+jwt',
    uses: ['basic'],
    async run(deployment) {
      const { header } = await obtainToken(deployment, 'basic');
      deployment.saw(`header ${JSON.stringify(header)}`);
      checkSame('typ', header.typ, 'at+jwt');
    },
  },
];
