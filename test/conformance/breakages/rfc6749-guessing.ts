import { randomUUID } from 'node:crypto';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage } from './broken-deployment.ts';
import { claims } from './document-breakage.ts';

/** Breaks what RFC 6749 §10.10 asks for. */
export const guessingBreakages: BreakageTable = {
  'A22: a client secret has room for 256 random bits': {
    'has a short jti': claims({ jti: (jti: string) => jti.slice(0, 20) }),
    'has always the same jti': claims({ jti: 'AAAAAAAAAAAAAAAAAAAAAA' }),
    'counts its tokens in jti': countedTokens(),
    'has UUIDs, of which six bits are fixed': claims({ jti: () => randomUUID() }),
  },
};

function countedTokens(): Breakage {
  let count = 0;
  return claims({
    jti: () => {
      count += 1;
      return `AAAAAAAAAAAAAAAAAAAAAAAAAAAA${count}`;
    },
  });
}
