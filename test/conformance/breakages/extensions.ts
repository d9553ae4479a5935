import { answerAt, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { announcedGrant, metadata, response } from './document-breakage.ts';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Offers what nobody has looked at. */
export const extensionBreakages: BreakageTable = {
  'N: a token may be exchanged': {
    'announces token exchange': announcedGrant(tokenExchange),
    'exchanges tokens': tokenWhen((_, { body }) => body.includes('token-exchange')),
  },
  'N: a request may ask for more than scope': {
    'announces authorization_details': metadata({ authorization_details_types_supported: ['pay'] }),
    'grants authorization_details': response({ authorization_details: [] }),
  },
  'N: a client may register itself': {
    'announces registration': metadata({ registration_endpoint: 'https://as.example/register' }),
    'has an answer at /register': answerAt(/^\/register$/, { status: 200 }),
  },
  'N: a client may be known by a document': {
    'announces client metadata documents': metadata({
      client_id_metadata_document_supported: true,
    }),
    'knows a client by a URL': tokenWhen((_, { body }) => body.includes('client_id=https')),
  },
};
