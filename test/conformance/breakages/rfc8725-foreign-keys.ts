import { letInToken } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 8725 §3.10 asks for. */
export const foreignKeyBreakages: BreakageTable = {
  'I08: a key that the token itself brings along': {
    'takes the key in jwk': letInToken(({ header }) => header.jwk !== undefined),
    'takes the key at jku': letInToken(({ header }) => header.jku !== undefined),
    'takes the key at x5u': letInToken(({ header }) => header.x5u !== undefined),
    'takes a key under a kid that it knows': letInToken(
      ({ header }) => header.x5u !== undefined && header.kid !== 'brought-along',
    ),
  },
};
