import { apiAuthorization, closedApi } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Breaks what RFC 9110 §5.4 asks for. */
export const tokenSizeBreakages: BreakageTable = {
  'I18: a token of 20 KB': {
    'reads a token of any length': apiAuthorization((value) => value.replace(/=+$/, '')),
    'lets nobody in': closedApi(),
  },
};
