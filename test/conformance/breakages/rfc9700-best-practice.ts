import { answerAt, errorWhen, saidAs, tokenWhen } from './answer-breakage.ts';
import { closedApi, letIn } from './api-breakage.ts';
import { hasAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { announcedGrant, claims, metadata } from './document-breakage.ts';
import { hasProof } from './dpop-breakage.ts';
import { formOf, headerOf } from './message-in-hand.ts';
import { overlooked } from './request-breakage.ts';

/** Breaks what RFC 9700 asks for, and what builds upon it. */
export const bestPracticeBreakages: BreakageTable = {
  'L01: tokens can be sender-constrained': {
    'binds a token to nothing': claims({ cnf: undefined }),
    'gives everybody bearer tokens': tokenWhen((_, request) => !hasProof(request)),
  },
  'L02: a token is for one audience': {
    'has two audiences': claims({ aud: (aud: string) => [aud, 'https://other.example'] }),
    'has more scope in a token than was asked for': claims({
      scope: (scope: string) => `${scope} orders:write`,
    }),
    'gives a token for two resources': tokenWhen(
      (_, request) => formOf(request).getAll('resource').length > 1,
    ),
  },
  'L03: clients can authenticate with a key pair': {
    'refuses assertions': errorWhen((_, request) => hasAssertion(request), 401, 'invalid_client'),
  },
  'L04: the metadata is published': {
    'has no metadata': answerAt(/oauth-authorization-server$/, { status: 404 }),
    'does not say where its keys are': metadata({ jwks_uri: undefined }),
  },
  'L05: there is no password grant': {
    'announces the password grant': announcedGrant('password'),
    'has the password grant': tokenWhen((_, request) => formOf(request).has('password')),
    'has invalid_grant for a wrong password': saidAs('unsupported_grant_type', 'invalid_grant'),
  },
  'L06: what a proxy would have told': {
    'believes X-Forwarded-Host': {
      answer: (answer, request) => {
        const host = headerOf(request, 'x-forwarded-host');
        if (host) answer.body = answer.body.replaceAll('127.0.0.1', host);
      },
    },
    'has X-Forwarded-Host in iss': claims({
      iss: (iss: string, { request }) =>
        iss.replace('127.0.0.1', (request && headerOf(request, 'x-forwarded-host')) || '$&'),
    }),
  },
  'L07: a client may send its secret in the body': {
    'overlooks a secret in the body': overlooked(['client_secret']),
    'takes any secret in the body': tokenWhen((_, request) => formOf(request).has('client_secret')),
  },
  'L07: an access token in the query': {
    'takes a token from the query': letIn(({ path }) => path.includes('access_token=')),
    'lets nobody in': closedApi(),
  },
};
