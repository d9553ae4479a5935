import { apiAuthorization, letInToken } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

const daySeconds = 86_400;

/** Breaks what RFC 9068 §4 and RFC 7515 ask for. */
export const signatureBreakages: BreakageTable = {
  'I06: the alg of a token does not decide': {
    'takes alg none': letInToken(({ header }) => header.alg === 'none'),
    'refuses none in small letters only': letInToken(({ header }) => header.alg === 'NONE'),
    'takes its public key for a shared secret': letInToken(({ header }) => header.alg === 'HS256'),
  },
  'I06: a signature by a key of the issuer must cover': {
    'takes a kid that it does not know for any key': letInToken(
      ({ header }) => header.kid === 'unknown',
    ),
    'takes a token without a kid': letInToken(({ header }) => header.kid === undefined),
    'takes a token without a signature': letInToken(
      ({ header, parts }) => header.alg === 'RS256' && parts[2] === '',
    ),
    'verifies no signature': letInToken(
      ({ header, parts: [, , signature = '', ...others] }) =>
        header.alg === 'RS256' && /^[\w-]{342}$/.test(signature) && others.length === 0,
    ),
    'does not verify the claims': letInToken(
      ({ claims }) => Number(claims.exp) - Number(claims.iat) >= daySeconds,
    ),
    'does not verify the header': letInToken(({ header }) => header.note === 'changed'),
  },
  'I06: a token has three parts': {
    'takes a token that is cut off': letInToken(({ parts: [, , signature = ''] }) =>
      /^[\w-]{322}$/.test(signature),
    ),
    'overlooks a fourth part': apiAuthorization((value) =>
      value.replace(/^([^.]+(?:\.[^.]+){2})\..*$/, '$1'),
    ),
    'takes padding off': apiAuthorization((value) => value.replace(/=+$/, '')),
  },
};
