import { answerAt } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';

/** Has what RFC 7009 and RFC 7662 are about, and does not announce it. */
export const otherEndpointBreakages: BreakageTable = {
  'J01-J05: a client may revoke a token': {
    'has an answer at /revoke': answerAt(/^\/revoke$/, { status: 200 }),
  },
  'K01-K06: a resource server may ask': {
    'has an answer at /introspect': answerAt(/^\/introspect$/, { status: 200 }),
  },
};
