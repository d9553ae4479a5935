import { answerAt, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { response } from './document-breakage.ts';

/** Has what it does not announce. */
export const extensionBreakages: BreakageTable = {
  'N: a token may be exchanged': {
    'exchanges tokens': tokenWhen((_, { body }) => body.includes('token-exchange')),
  },
  'N: a request may ask for more than scope': {
    'grants authorization_details': response({ authorization_details: [] }),
  },
  'N: a client may register itself': {
    'has an answer at /register': answerAt(/^\/register$/, { status: 200 }),
  },
  'N: a client may be known by a document': {
    'knows a client by a URL': tokenWhen((_, { body }) => body.includes('client_id=https')),
  },
};
