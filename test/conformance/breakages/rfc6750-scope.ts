import { closedApi } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 6750 §3.1 asks for. */
export const neededScopeBreakages: BreakageTable = {
  'I11: a token without the scope that the API asks for': {
    'lets nobody in': closedApi(),
  },
};
