import { answerAt, answerHeader } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { anotherKey, key } from './document-breakage.ts';
import { setHeader } from './message-in-hand.ts';

const jwkSet = /jwks\.json$/;

const withZero = (integer: string) =>
  Buffer.concat([Buffer.from([0]), Buffer.from(integer, 'base64url')]).toString('base64url');

/** Breaks what RFC 7517 asks for. */
export const jwkSetBreakages: BreakageTable = {
  'G01: the JWK Set is a JSON object': {
    'has no key': {
      jwkSet: (keys) => {
        keys.length = 0;
      },
    },
    'answers with a bare array of keys': answerAt(jwkSet, (body) =>
      JSON.stringify(JSON.parse(body).keys),
    ),
  },
  'G02: each key has kty, use, alg and a kid': {
    'publishes a private member': key({ d: 'x' }),
    'does not say what its key is used for': key({ use: undefined }),
    'does not say the alg of its key': key({ alg: undefined }),
    'has a key without a kid': key({ kid: undefined }),
    'has two keys with one kid': anotherKey({ kid: 'another' }, 2),
    'has key_ops beside use': key({ key_ops: ['verify'] }),
    'publishes a shared secret': anotherKey({ kty: 'oct', alg: 'HS256', k: 'c2VjcmV0' }),
  },
  'G03: integers have no leading zero octet': {
    'has a zero octet in front of n': key({ n: withZero }),
    'has a zero octet in front of e': key({ e: withZero }),
    'pads n': key({ n: (n: string) => `${n}==` }),
    'cuts zeros off coordinates': anotherKey({ kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }),
  },
  'G04: the JWK Set comes as JSON to any page': {
    'answers with text': answerHeader('Content-Type', 'text/plain'),
    'lets nobody keep its keys': answerHeader('Cache-Control', 'no-store'),
    'lets no page read its keys': answerHeader('Access-Control-Allow-Origin'),
    'has no ETag': answerHeader('ETag'),
    'overlooks If-None-Match': { request: (request) => setHeader(request, 'If-None-Match') },
    'takes any ETag for its own': {
      answer: (answer, { headers }) => {
        if (headers.some(([name]) => /^if-none-match$/i.test(name))) answer.status = 304;
      },
    },
  },
  'G05: the key of a new token is in the JWK Set': {
    'has eleven keys': anotherKey({}, 10),
    'does not publish the key that it signs with': key({ kid: 'another' }),
    'has a certificate chain of 150 KB': key({ x5c: ['a'.repeat(150 * 1024)] }),
  },
  'G06: the kid of each key is its SHA-256 thumbprint': {
    'has a kid of its own making': key({ kid: 'first' }),
  },
  'G07: all keys are of one kty': {
    'has keys of two kinds': anotherKey({ kty: 'EC', crv: 'P-256', alg: 'ES256' }),
    'does not say the alg of its key': key({ alg: undefined }),
  },
};
