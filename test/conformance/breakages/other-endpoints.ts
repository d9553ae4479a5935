import { answerAt } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { metadata } from './document-breakage.ts';

/** Offers what RFC 7009 and RFC 7662 are about. */
export const otherEndpointBreakages: BreakageTable = {
  'J01-J05: a client may revoke a token': {
    'announces revocation': metadata({ revocation_endpoint: 'https://as.example/revoke' }),
    'has an answer at /revoke': answerAt(/^\/revoke$/, { status: 200 }),
  },
  'K01-K06: a resource server may ask': {
    'announces introspection': metadata({ introspection_endpoint: 'https://as.example/ask' }),
    'has an answer at /introspect': answerAt(/^\/introspect$/, { status: 200 }),
  },
};
