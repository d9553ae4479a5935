import { generateKeyPairSync } from 'node:crypto';

const pem = { type: 'pkcs8', format: 'pem' } as const;
const encryption = { cipher: 'aes-256-cbc', passphrase: 'secret' };
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** What is in a file, its content, and why a client cannot authenticate with it. */
export const unusableKeys: readonly (readonly [what: string, content: string, why: RegExp])[] = [
  ['nothing', '', /holds no private key in PEM/],
  ['a public key', String(ec.publicKey.export({ ...pem, type: 'spki' })), /no private key/],
  ['an encrypted key', String(ec.privateKey.export({ ...pem, ...encryption })), /encrypted key/],
  [
    'an encrypted key in the old way',
    String(ec.privateKey.export({ ...pem, ...encryption, type: 'sec1' })),
    /encrypted key/,
  ],
  [
    'a curve that is not used',
    String(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export(pem)),
    /no algorithm of clients fits the key in \S+ \(EC secp256k1\)/,
  ],
  [
    'a key for something else',
    String(generateKeyPairSync('x25519').privateKey.export(pem)),
    /no algorithm .+ \(OKP X25519\)/,
  ],
  [
    'a key that no JWK is of',
    String(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey.export(pem)),
    /no algorithm .+ \(rsa-pss\)/,
  ],
  [
    'a short RSA key',
    String(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export(pem)),
    /has less than 2048 bits/,
  ],
];
