import { answerAt, errorWhen, tokenWhen } from './answer-breakage.ts';
import { challenge, isWithoutToken, refusedWith } from './api-breakage.ts';
import { hasAssertion, takesAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims, metadata } from './document-breakage.ts';
import { formOf } from './message-in-hand.ts';
import { overlooked } from './request-breakage.ts';

const openid = /openid-configuration$/;

/** Breaks what clients of the Model Context Protocol need. */
export const mcpBreakages: BreakageTable = {
  'M01: a client secret is accepted': {
    'overlooks a secret in the body': overlooked(['client_secret']),
  },
  'M01: a JWT assertion is accepted': {
    'takes any assertion': takesAssertion(() => true),
    'refuses assertions': errorWhen((_, request) => hasAssertion(request), 401, 'invalid_client'),
  },
  'M02: the metadata tells client_secret_basic or private_key_jwt': {
    'announces secrets in the body alone': metadata({
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    }),
    'announces private_key_jwt without algorithms': metadata({
      token_endpoint_auth_signing_alg_values_supported: undefined,
    }),
  },
  'M03: the resource of the request becomes the audience': {
    'has one aud for all': claims({ aud: 'https://api.example' }),
  },
  'M04: the metadata is wherever clients look for it': {
    'has no OpenID document': answerAt(openid, { status: 404 }),
    'has another token_endpoint in the OpenID document': answerAt(openid, (body) =>
      body.replace('/token"', '/other"'),
    ),
  },
  'M05: an API that refuses a request': {
    'answers 403 without a token': refusedWith(403, (_, request) => isWithoutToken(request)),
    'names resource_metadata that are not there': challenge(
      'Bearer resource_metadata="http://127.0.0.1:1/none"',
    ),
  },
  'M06: an assertion needs no client_id': {
    'needs a client_id beside an assertion': errorWhen(
      (_, request) => hasAssertion(request) && !formOf(request).has('client_id'),
      400,
      'invalid_request',
    ),
  },
  'M07: a workload gets a token': {
    'gives a token for any JWT': tokenWhen((_, { body }) => body.includes('jwt-bearer')),
  },
};
