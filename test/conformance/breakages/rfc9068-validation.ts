import { closedApi, letInToken } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 9068 §4 asks for. */
export const validationBreakages: BreakageTable = {
  'I03: a JWT whose typ is not at+jwt': {
    'lets in by an ID token': letInToken(({ header }) => header.typ === 'JWT'),
    'lets in by a DPoP proof': letInToken(({ header }) => header.typ === 'dpop+jwt'),
    'does without typ': letInToken(({ header }) => header.typ === undefined),
  },
  'I04: iss must be the issuer to the byte': {
    'takes any iss': letInToken(({ claims }) => String(claims.iss).endsWith('.example')),
    'strips a slash from iss': letInToken(({ claims }) => String(claims.iss).endsWith('/')),
    'does without iss': letInToken(({ claims }) => claims.iss === undefined),
  },
  'I05: a token that the issuer made for another': {
    'takes any aud': letInToken(({ claims }) => String(claims.aud).includes('orders')),
    'lets nobody in': closedApi(),
  },
};
