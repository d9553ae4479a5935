import { closedApi, letIn } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims } from './document-breakage.ts';

/** Breaks what RFC 7800 asks for. */
export const confirmationBreakages: BreakageTable = {
  'I12: a token that is bound to a key (cnf)': {
    'lets in by a token with cnf alone': {
      ...claims({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
      ...letIn(() => true),
    },
    'lets nobody in': closedApi(),
  },
};
