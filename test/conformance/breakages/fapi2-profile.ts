import { errorWhen } from './answer-breakage.ts';
import { letIn, refusedWith } from './api-breakage.ts';
import { hasAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { RequestInHand } from './broken-deployment.ts';
import { claims, metadata } from './document-breakage.ts';
import { allOf, hasProof, isUnder } from './dpop-breakage.ts';

const algorithms = ['PS256', 'ES256'];

/** Announces FAPI 2.0 and nothing else. */
const announced = metadata({
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: algorithms,
  dpop_signing_alg_values_supported: algorithms,
});

const noSecrets = errorWhen((_, request) => !hasAssertion(request), 401, 'invalid_client');
const boundOnly = errorWhen(
  (_, request) => hasAssertion(request) && !hasProof(request),
  400,
  'invalid_dpop_proof',
);
const onlyBound = refusedWith(401, (_, request) => isUnder('bearer')(request));
const isInQuery = ({ path }: RequestInHand) => path.includes('access_token=');

/** Breaks what FAPI 2.0 asks for. */
export const fapiBreakages: BreakageTable = {
  'L08: no client has a secret': {
    'has clients with a secret': announced,
    'takes RS256': metadata({ token_endpoint_auth_methods_supported: ['private_key_jwt'] }),
    'gives tokens without a proof': allOf(announced, noSecrets),
    'binds tokens to nothing': {
      ...allOf(announced, noSecrets, boundOnly),
      ...claims({ cnf: undefined }),
    },
    'takes any audience': allOf(announced, noSecrets, boundOnly),
  },
  'L09: the API takes tokens in the header alone': {
    'takes a token in the query': allOf(onlyBound, letIn(isInQuery)),
    'needs no proof': allOf(
      onlyBound,
      letIn((request) => isUnder('dpop')(request) && !hasProof(request)),
    ),
  },
};
