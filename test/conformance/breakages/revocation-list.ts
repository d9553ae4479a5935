import { deflateSync } from 'node:zlib';
import type { BreakageTable } from './breakage-table.ts';
import { headerAt, signedAt, unsignedAt } from './client-endpoint-breakage.ts';
import { setHeader } from './message-in-hand.ts';

const list = '/revocation-list';
const statusList = '/status-lists/0';

/** As many places as a list of ours has, and nothing in any of them. */
const nobody = { bits: 1, lst: deflateSync(Buffer.alloc(131_072)).toString('base64url') };

/** Breaks what is said of lists of what is revoked. */
export const revocationListBreakages: BreakageTable = {
  'I19: the revocation list is signed': {
    'has a list that nobody has signed': unsignedAt(list),
    'has the list of another issuer': signedAt(list, () => ({ iss: 'https://as.example' })),
    'has a list that stands elsewhere': signedAt(list, () => ({ sub: 'https://as.example/list' })),
    'has a list that has expired': signedAt(list, ({ iat }) => ({ exp: Number(iat) - 1000 })),
    'has a list that is valid for a day': signedAt(list, ({ iat }) => ({
      exp: Number(iat) + 86_400,
    })),
    'has a list of tomorrow': signedAt(list, ({ iat }) => ({
      iat: Number(iat) + 86_400,
      exp: Number(iat) + 86_490,
    })),
    'names no keys': signedAt(list, () => ({ keys: undefined })),
    'has older lists again': signedAt(list, ({ iat }) => ({ iat: Number(iat) - turn() })),
  },
  'I19: the revocation list can be fetched by anybody': {
    'has it kept for an hour': headerAt(list, 'Cache-Control', 'public, max-age=3600'),
    'lets no page read it': headerAt(list, 'Access-Control-Allow-Origin'),
    'does not heed If-None-Match': {
      request: (request) => {
        if (request.path === list) setHeader(request, 'If-None-Match');
      },
    },
  },
  'I19: a token names its status list': {
    'has nobody in it': signedAt(statusList, () => ({ status_list: nobody })),
    'has another list there': signedAt(statusList, () => ({ sub: 'https://as.example/1' })),
    'does not sign it': unsignedAt(statusList),
  },
};

let seconds = 0;
/** Grows with each list. */
const turn = (): number => {
  seconds += 10;
  return seconds;
};
