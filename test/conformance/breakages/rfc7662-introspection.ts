import type { BreakageTable } from './breakage-table.ts';
import type { RequestInHand } from './broken-deployment.ts';
import {
  answeredAt,
  headerAt,
  isAboutJwt,
  isInactive,
  overlookedAt,
  saidAt,
  signedAt,
  toldAt,
  unsignedAt,
} from './client-endpoint-breakage.ts';
import { headerOf, setHeader } from './message-in-hand.ts';

const path = '/introspect';
const isAnonymous = (request: RequestInHand): boolean => headerOf(request, 'authorization') === '';

/** Breaks what RFC 7662 and RFC 9701 ask for. */
export const introspectionBreakages: BreakageTable = {
  'K01: a resource server that authenticates': {
    'asks nobody who it is': saidAt(path, isAnonymous, 200, { active: false }),
    'tells every client': saidAt(path, (_, { status }) => status === 400, 200, { active: true }),
    'takes GET': saidAt(path, ({ method }) => method === 'GET', 200, { active: false }),
    'names another client': toldAt((_, { status }) => status === 200, { client_id: 'another' }),
    'tells nobody': saidAt(path, () => true, 401, { error: 'invalid_client' }),
  },
  'K02: of a token that is of no use': {
    'says why': toldAt(isInactive, { reason: 'it is no token' }),
    'refuses such tokens': saidAt(path, isInactive, 400, { error: 'invalid_request' }),
    'tells about tokens for other APIs': toldAt(
      (request, answer) => isInactive(request, answer) && isAboutJwt(request),
      { active: true },
    ),
    'says it of each token': saidAt(path, () => true, 200, { active: false }),
  },
  'K03: the signature counts': {
    'verifies no signature': toldAt(
      (request, answer) => isInactive(request, answer) && isAboutJwt(request),
      { active: true },
    ),
    'does not hear of revocations': overlookedAt('/revoke'),
  },
  'K04: the answer says what a token is bound to': {
    'keeps it to itself': toldAt((_, { status }) => status === 200, { cnf: undefined }),
    'says Bearer of each': toldAt((_, { status }) => status === 200, { token_type: 'Bearer' }),
    'says DPoP of each': toldAt((_, { status }) => status === 200, { token_type: 'DPoP' }),
  },
  'K05: an answer that was asked for as a JWT': {
    'does not sign it': unsignedAt(path),
    'answers as JSON': { request: (request) => setHeader(request, 'Accept') },
    'makes it out to somebody else': signedAt(path, () => ({ aud: 'https://as.example' })),
    'has the times of a token in it': signedAt(path, ({ iat }) => ({ exp: Number(iat) + 60 })),
    'says nothing in it': signedAt(path, () => ({ token_introspection: undefined })),
    'says it has another type': answeredAt(
      path,
      (_, { body }) => body.startsWith('eyJ'),
      (answer) => setHeader(answer, 'Content-Type', 'application/jwt'),
    ),
  },
  'K06: no cache may keep an answer': {
    'lets caches keep it': headerAt(path, 'Cache-Control', 'public, max-age=60'),
  },
};
