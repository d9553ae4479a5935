import type { BreakageTable } from './breakage-table.ts';
import { key, tokenHeader, tokenText } from './document-breakage.ts';

const unsigned = (header = '') =>
  Buffer.from(decoded(header).replace('RS256', 'none')).toString('base64url');

const decoded = (part: string) => Buffer.from(part, 'base64url').toString();

/** Breaks what RFC 9068 §2.1 asks for. */
export const accessTokenHeaderBreakages: BreakageTable = {
  'E01: an access token is signed with a published key': {
    'does not sign its tokens': tokenText(([header, payload]) => `${unsigned(header)}.${payload}.`),
    'signs its tokens with another key': tokenText(([header, payload, signature = '']) =>
      [header, payload, [...signature].reverse().join('')].join('.'),
    ),
  },
  'E01: the authorization server supports RS256': {
    'does not say that its key is for RS256': key({ alg: undefined }),
  },
  'E02: typ in the header is at+jwt': {
    'has the typ of any JWT': tokenHeader({ typ: 'JWT' }),
    'has no typ': tokenHeader({ typ: undefined }),
  },
};
