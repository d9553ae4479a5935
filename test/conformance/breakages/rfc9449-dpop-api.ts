import { athOf } from '../protocol/dpop-proof.ts';
import { letIn } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims } from './document-breakage.ts';
import { apiAsksForNonce, hasProof, isUnder, letInProof, remembers } from './dpop-breakage.ts';
import { headerOf, setHeader } from './message-in-hand.ts';

const isHalfAnHourOld = (iat: unknown) => Number(iat) < Date.now() / 1000 - 1800;
const path = (htu: unknown) => URL.parse(String(htu))?.pathname;

/** Breaks what RFC 9449 asks of an API. */
export const dpopApiBreakages: BreakageTable = {
  'D14: a token that is bound to a key gets in': {
    'looks at no proof': letIn(hasProof),
    'needs no ath': letInProof(({ claims }) => claims.ath === undefined),
    'takes the proof of any key': letInProof(
      ({ claims, access_token }) => claims.ath === athOf(access_token),
    ),
    'takes any path': letInProof(({ claims }) => path(claims.htu) !== '/'),
    'takes any host': letInProof(({ claims }) => /other\.example/.test(String(claims.htu))),
    'takes any htm': letInProof(({ claims }) => claims.htm !== 'GET'),
    'takes an old proof': letInProof(({ claims }) => isHalfAnHourOld(claims.iat)),
    'needs no jti': letInProof(({ claims }) => claims.jti === undefined),
    'takes the first of two proofs': letIn(
      ({ headers }) => headers.filter(([name]) => /^dpop$/i.test(name)).length > 1,
    ),
    'gives a token without cnf': claims({ cnf: undefined }),
  },
  'D15: a token that is bound to a key does not get in as Bearer': {
    'takes it as Bearer': letIn(isUnder('bearer')),
    'takes it as Bearer with a proof': letIn(
      (request) => isUnder('bearer')(request) && hasProof(request),
    ),
    'gives a token without cnf': claims({ cnf: undefined }),
  },
  'D17: who needs a nonce at the API': {
    'asks for a nonce and gives none': apiAsksForNonce({
      change: (answer) => setHeader(answer, 'DPoP-Nonce'),
    }),
    'asks for it with another status': apiAsksForNonce({
      change: (answer) => {
        answer.status = 400;
      },
    }),
    'takes any nonce': apiAsksForNonce({ isGood: (nonce) => nonce !== undefined }),
    'takes no nonce': apiAsksForNonce({ isGood: () => false }),
    'has a malformed challenge': apiAsksForNonce({
      change: (answer) =>
        setHeader(answer, 'WWW-Authenticate', 'DPoP error="use_dpop_nonce", DPoP error="a"'),
    }),
  },
  'D18: no token gets in again': {
    'keeps what it decided on a token': remembers((request) => headerOf(request, 'authorization')),
    'remembers no proof': remembers((request) => headerOf(request, 'dpop')),
  },
  'I12: a token that is bound to a key (cnf)': {
    'needs no proof': letIn((request) => isUnder('dpop')(request) && !hasProof(request)),
    'takes it as a bearer token': letIn(isUnder('bearer')),
    'gives a token without cnf': claims({ cnf: undefined }),
  },
};
