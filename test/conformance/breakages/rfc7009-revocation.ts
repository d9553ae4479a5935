import type { BreakageTable } from './breakage-table.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { overlookedAt, parameterOf, saidAt, signedAt } from './client-endpoint-breakage.ts';
import { headerOf } from './message-in-hand.ts';

const isAnonymous = (request: RequestInHand): boolean =>
  headerOf(request, 'authorization') === '' && parameterOf(request, 'client_secret') === '';

/** Says of every token that it is of no use, once something was revoked. */
function forgetsAll(condition: (request: RequestInHand) => boolean): Breakage {
  let isOver = false;
  return {
    request: (request) => {
      isOver ||= request.path === '/revoke' && condition(request);
    },
    answer: (answer, request) => {
      if (isOver && request.path === '/introspect') answer.body = '{"active":false}';
    },
  };
}

/** Breaks what RFC 7009 asks for. */
export const revocationBreakages: BreakageTable = {
  'J01: a client authenticates first': {
    'asks nobody who it is': saidAt('/revoke', isAnonymous, 200),
    'revokes for other clients': forgetsAll(
      (request) => parameterOf(request, 'client_secret') !== '',
    ),
    'revokes all of a client for one': forgetsAll(() => true),
    'revokes nothing': overlookedAt('/revoke'),
    'refuses everybody': saidAt('/revoke', () => true, 401, { error: 'invalid_client' }),
  },
  'J02: a token that is unknown': {
    'minds an unknown token': saidAt(
      '/revoke',
      (request) => parameterOf(request, 'token') === 'any',
      400,
      { error: 'invalid_request' },
    ),
    'minds each token': saidAt('/revoke', () => true, 404),
  },
  'J03: it takes POST and one token': {
    'takes a request without a token': saidAt(
      '/revoke',
      (_, { body }) => body.includes('invalid_request'),
      200,
    ),
    'does not say that it cannot revoke it': saidAt(
      '/revoke',
      (_, { body }) => body.includes('unsupported_token_type'),
      400,
      { error: 'invalid_request' },
    ),
    'takes GET': saidAt('/revoke', ({ method }) => method === 'GET', 200),
  },
  'J04: a hint at the kind of token': {
    'goes by the hint': overlookedAt(
      '/revoke',
      (request) => parameterOf(request, 'token_type_hint') === 'refresh_token',
    ),
    'minds a hint that it does not know': saidAt(
      '/revoke',
      (request) => parameterOf(request, 'token_type_hint') === 'any',
      400,
      { error: 'unsupported_token_type' },
    ),
  },
  'J05: a revoked token is in the list': {
    'lists no token': signedAt('/revocation-list', () => ({ tokens: [], status_lists: {} })),
    'has no list of tokens': signedAt('/revocation-list', () => ({ tokens: undefined })),
  },
};
