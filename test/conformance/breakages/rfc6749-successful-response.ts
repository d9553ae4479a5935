import { answerHeader, headerWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims, response } from './document-breakage.ts';

/** Breaks what RFC 6749 §5.1 asks for. */
export const successfulResponseBreakages: BreakageTable = {
  'A15: the answer says which scope': {
    'does not say which scope a token has': response({ scope: undefined }),
    'says that each token has all scope': response({
      scope: (scope: string) => scope && 'orders:read orders:write',
    }),
    'puts more scope into a token than it says': claims({
      scope: (scope?: string) => scope && `${scope} orders:delete`,
    }),
  },
  'A15: a token without scope': {
    'says that a token without scope has some': response({
      scope: (scope?: string) => scope || 'orders:read',
    }),
    'puts scope into the token of a client without': claims({
      scope: (scope?: string) => scope || 'orders:read',
    }),
    'says that a token has the empty scope': response({ scope: (scope?: string) => scope ?? '' }),
    'has the empty scope in a token': claims({ scope: (scope?: string) => scope ?? '' }),
  },
  'A16: a token comes as JSON with its type': {
    'has no token_type': response({ token_type: undefined }),
    'has expires_in as a string': response({ expires_in: String }),
    'has expires_in in milliseconds': response({ expires_in: (life: number) => life * 1000 }),
    'says nothing of expiry': response({ expires_in: undefined }),
    'has one lifetime for all clients': {
      ...response({ expires_in: 3600 }),
      ...claims({ exp: (_: number, { members }) => Number(members.iat) + 3600 }),
    },
    'has a line break behind access_token': response({
      access_token: (token: string) => `${token}\n`,
    }),
  },
  'A17: no answer of the token endpoint may be cached': {
    'drops Cache-Control from tokens': headerWhen(({ status }) => status === 200, 'Cache-Control'),
    'drops Cache-Control from errors': headerWhen(({ status }) => status === 400, 'Cache-Control'),
    'may be cached for a minute': headerWhen(
      ({ status }) => status === 200,
      'Cache-Control',
      'private, max-age=60',
    ),
    'drops Pragma': answerHeader('Pragma'),
    'answers GET with text': headerWhen(
      ({ status }) => status === 405,
      'Content-Type',
      'text/plain',
    ),
  },
  'A18: there is no refresh token': {
    'has a refresh token': response({ refresh_token: 'tGzv3JOkF0XG5Qx2TlKWIA' }),
  },
};
