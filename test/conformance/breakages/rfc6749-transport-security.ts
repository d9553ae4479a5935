import type { BreakageTable } from './breakage-table.ts';
import { metadata } from './document-breakage.ts';

/** Breaks what RFC 6749 §1.6 asks for. */
export const transportSecurityBreakages: BreakageTable = {
  'A06: the token endpoint is an https URL': {
    'has a fragment in its token_endpoint': metadata({
      token_endpoint: (url: string) => `${url}#token`,
    }),
    'has its token_endpoint at http': metadata({
      token_endpoint: 'http://auth.example.com/token',
    }),
  },
};
