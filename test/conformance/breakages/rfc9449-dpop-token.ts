import { errorWhen, headerWhen, saidAs, tokenWhen } from './answer-breakage.ts';
import { hasAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage } from './broken-deployment.ts';
import { claims, metadata, response } from './document-breakage.ts';
import { asksForNonce, hasProof, takesProof } from './dpop-breakage.ts';
import { setHeader } from './message-in-hand.ts';
import { tokenRequest } from './request-breakage.ts';

const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';

/** Reads no DPoP header. */
const overlooksProofs: Breakage = tokenRequest((request) => setHeader(request, 'DPoP'));

const announces = (...algorithms: readonly string[]): Breakage =>
  metadata({ dpop_signing_alg_values_supported: algorithms });

/** A deployment without DPoP, which says so. */
export const withoutDpop: Breakage = {
  ...overlooksProofs,
  ...metadata({
    dpop_signing_alg_values_supported: undefined,
    tls_client_certificate_bound_access_tokens: undefined,
  }),
};

/** Breaks what RFC 9449 asks of the token endpoint. */
export const dpopTokenBreakages: BreakageTable = {
  'D06: the nonce in a proof': {
    'takes any nonce': asksForNonce({ isGood: (nonce) => nonce !== undefined }),
    'takes no nonce': asksForNonce({ isGood: () => false }),
  },
  'D09: a proof gets a token': {
    'says Bearer': response({ token_type: 'Bearer' }),
    'binds it to nothing': claims({ cnf: undefined }),
    'binds it to another key': claims({ cnf: { jkt } }),
    'binds it to more than the key': claims({ cnf: (cnf: object) => ({ ...cnf, kid: 'a' }) }),
    'overlooks proofs': overlooksProofs,
  },
  'D10: a wrong proof is 400': {
    'says invalid_request': saidAs('invalid_dpop_proof', 'invalid_request'),
    'says 401': errorWhen(({ status }) => status === 400, 401, 'invalid_dpop_proof'),
    'lets caches keep it': headerWhen(({ status }) => status === 400, 'Cache-Control', 'public'),
    'gives a bearer token for it': takesProof(({ claims }) => claims.htm !== 'POST'),
  },
  'D11: a client with dpop_bound_access_tokens': {
    'gives it a bearer token': tokenWhen(
      ({ status }, request) => status === 400 && !hasProof(request) && hasAssertion(request),
    ),
    'gives it no token': errorWhen(() => true, 400, 'invalid_dpop_proof'),
    'has an error of its own': errorWhen(({ status }) => status === 400, 500, 'server_error'),
  },
  'D12: dpop_signing_alg_values_supported': {
    'does DPoP and does not say so': metadata({ dpop_signing_alg_values_supported: undefined }),
    'binds tokens to proofs, but does not say so': {
      ...withoutDpop,
      ...claims({ cnf: { jkt } }),
    },
    'announces no algorithm': announces(),
    'announces none': announces('ES256', 'none'),
    'announces HS256': announces('ES256', 'HS256'),
    'announces what it does not take': announces('ES256', 'ES512'),
    'announces what nobody knows': announces('ES256', 'XY99'),
  },
  'D13: who needs a nonce': {
    'asks for a nonce and gives none': asksForNonce({
      change: (answer) => setHeader(answer, 'DPoP-Nonce'),
    }),
    'gives two nonces': asksForNonce({
      change: (answer) => {
        answer.headers = [...answer.headers, ['DPoP-Nonce', 'n-2']];
      },
    }),
    'gives a nonce in quotes': asksForNonce({
      change: (answer) => setHeader(answer, 'DPoP-Nonce', '"n"'),
    }),
    'lets caches keep the nonce': asksForNonce({
      change: (answer) => setHeader(answer, 'Cache-Control', 'max-age=60'),
    }),
    'has another error for it': asksForNonce({
      change: (answer) => {
        answer.body = '{"error":"invalid_dpop_proof"}';
      },
    }),
  },
};
