import { closedApi, letInToken, refusedWith } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 9068 §4 asks for. */
export const validationBreakages: BreakageTable = {
  'I05: a token that the issuer made for another': {
    'takes any aud': letInToken(({ claims }) => String(claims.aud).includes('orders')),
    'looks at the scope of any aud': refusedWith(403, ({ status }) => status === 401),
    'lets nobody in': closedApi(),
  },
};
