/** Members of a JWK that change nothing about the key, as others write them: what they are, and the members. */
export const needlessMembers: readonly (readonly [string, object])[] = [
  ['key_ops of both halves', { key_ops: ['sign', 'verify'] }],
  ['key_ops that nobody knows beside verify', { key_ops: ['verify', 'https://example.com/op'] }],
  [
    'null for what it does not say',
    { alg: null, use: null, key_ops: null, x5c: null, x5t: null, ext: null, d: null, oth: null },
  ],
  ['null for the members of other types', { k: null, priv: null, pub: null, dp: null, qi: null }],
  ['lists of nothing', { key_ops: [], x5c: [], oth: [] }],
  ['ext false', { ext: false }],
  ['times', { iat: 1, nbf: 4_000_000_000, exp: 1 }],
  ['members of its library', { KeySize: 256, HasPrivateKey: false, owner: { names: ['a'] } }],
  ['thumbprints of a certificate', { x5t: 'AAAA', 'x5t#S256': 'AAAA' }],
];
