import type { JWK } from 'jose';
import type { ConformanceCase } from '../conformance-case.ts';
import { checkOnlyLetIn } from '../protocol/api-request.ts';
import { pem, strangerKey } from '../protocol/forged-token.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

/** RFC 8725 §3.10: what a token says about keys is not to be believed. */
export const foreignKeyCases: readonly ConformanceCase[] = [
  {
    rule: 'I08',
    section: 'RFC 8725 §3.10, RFC 7515 §4.1.2, §4.1.3, §4.1.5',
    title: 'a key that the token itself brings along, by jwk, jku or x5u, is not used',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = await obtainToken(deployment, 'caller');
      const key = await strangerKey(token);
      const kid = 'brought-along';
      const jwk = { ...key.jwk, kid };
      const own = { ...jwk, kid: String(token.header.kid) };
      const x5u = dataUrl('application/x-pem-file', pem(jwk));
      await checkOnlyLetIn(deployment, token.text, {
        'a key in jwk': await key.sign({ header: { jwk, kid } }),
        "a key in jwk under the issuer's kid": await key.sign({ header: { jwk: own } }),
        'a JWK Set at jku': await key.sign({ header: { jku: keySetUrl(jwk), kid } }),
        "a JWK Set at jku under the issuer's kid": await key.sign({
          header: { jku: keySetUrl(own) },
        }),
        'a key at x5u': await key.sign({ header: { x5u, kid } }),
        "a key at x5u under the issuer's kid": await key.sign({ header: { x5u } }),
      });
    },
  },
];

const keySetUrl = (jwk: JWK): string =>
  dataUrl('application/json', JSON.stringify({ keys: [jwk] }));

/** A URL that needs no server: who follows it finds the key. */
const dataUrl = (type: string, text: string): string => `data:${type},${encodeURIComponent(text)}`;
