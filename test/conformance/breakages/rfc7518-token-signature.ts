import type { BreakageTable } from './breakage-table.ts';
import { anotherKey, tokenText } from './document-breakage.ts';

/** Breaks what RFC 7518 §3 asks for. */
export const tokenSignatureBreakages: BreakageTable = {
  'E11: RSA keys have 2048 bits or more': {
    'cuts three octets off its signatures': tokenText((parts) => parts.join('.').slice(0, -4)),
    'pads its signatures': tokenText((parts) => `${parts.join('.')}==`),
    'has an RSA key of 1024 bits too': anotherKey({ n: (n: string) => `${n.slice(0, 170)}A` }),
  },
  'E12: an Ed25519 key is published as Ed25519': {
    'publishes an Ed25519 key as EdDSA': anotherKey({
      kty: 'OKP',
      crv: 'Ed25519',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      alg: 'EdDSA',
    }),
  },
  'E13: an ML-DSA key has kty AKP': {
    'has an AKP key that does not say of which kind': anotherKey({
      kty: 'AKP',
      alg: 'ML-DSA',
      pub: 'AAAA',
    }),
    'has an AKP key that is too short': anotherKey({ kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' }),
  },
};
