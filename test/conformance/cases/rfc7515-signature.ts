import type { ConformanceCase } from '../conformance-case.ts';
import { checkOnlyLetIn } from '../protocol/api-request.ts';
import {
  changed,
  pem,
  signedByHmac,
  strangerKey,
  withOtherSignature,
  withoutSignature,
} from '../protocol/forged-token.ts';
import { fetchKeys, keyOf } from '../protocol/jwk-set.ts';
import { obtainToken } from '../protocol/obtained-token.ts';

/** RFC 9068 §4 and RFC 7515: only the issuer's signature makes a token. */
export const signatureCases: readonly ConformanceCase[] = [
  {
    rule: 'I06',
    section: 'RFC 9068 §4, RFC 8725 §3.1',
    title: 'the alg of a token does not decide: neither none nor an HMAC is taken',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const obtained = await obtainToken(deployment, 'caller');
      const token = obtained.text;
      const jwk = keyOf(obtained, await fetchKeys(deployment));
      const unsigned = changed(token, { header: { alg: 'none' } });
      const text = String(jwk.n ?? jwk.x ?? jwk.pub);
      await checkOnlyLetIn(deployment, token, {
        'alg none without a signature': withoutSignature(unsigned),
        'alg none with the signature': unsigned,
        'alg NONE': withoutSignature(changed(token, { header: { alg: 'NONE' } })),
        'an HMAC keyed with the public key as PEM': await signedByHmac(token, pem(jwk)),
        'an HMAC keyed with the public key as in the JWK Set': await signedByHmac(token, text),
      });
    },
  },
  {
    rule: 'I06',
    section: 'RFC 9068 §4, RFC 7515 §5.2',
    title: 'a signature by a key of the issuer must cover the header and the claims',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const obtained = await obtainToken(deployment, 'caller');
      const token = obtained.text;
      const [head, payload] = (await obtainToken(deployment, 'caller')).text.split('.');
      const { sign } = await strangerKey(obtained);
      await checkOnlyLetIn(deployment, token, {
        'another key under the same kid': await sign(),
        'another key under an unknown kid': await sign({ header: { kid: 'unknown' } }),
        'another key without a kid': await sign({ header: { kid: undefined } }),
        'another signature': withOtherSignature(token),
        'no signature': withoutSignature(token),
        'the signature of another token': [head, payload, token.split('.')[2]].join('.'),
        'changed claims': changed(token, { claims: { exp: deployment.now() + 86_400 } }),
        'a changed header': changed(token, { header: { note: 'changed' } }),
      });
    },
  },
  {
    rule: 'I06',
    section: 'RFC 7515 §2, §5.2, §7.1',
    title: 'a token has three parts, without padding',
    uses: ['caller'],
    callsApi: true,
    async run(deployment) {
      const token = (await obtainToken(deployment, 'caller')).text;
      const padding = '='.repeat((4 - ((token.split('.')[2] ?? '').length % 4)) % 4 || 4);
      await checkOnlyLetIn(deployment, token, {
        'a token cut off': token.slice(0, -20),
        'two parts': token.split('.').slice(0, 2).join('.'),
        'four parts': `${token}.${token.split('.')[2]}`,
        'a dot too many': `${token}.`,
        'a padded token': token + padding,
      });
    },
  },
];
