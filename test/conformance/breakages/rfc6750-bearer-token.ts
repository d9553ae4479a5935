import { apiAuthorization, closedApi, letIn } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { headerOf, setHeader } from './message-in-hand.ts';

/** Breaks what RFC 6750 §2 asks for. */
export const bearerTokenBreakages: BreakageTable = {
  'I01: one token is sent in one Authorization header': {
    'lets in by a client_secret': letIn((request) =>
      headerOf(request, 'authorization').startsWith('Basic '),
    ),
    'lets in by the scheme alone': letIn((request) =>
      /^Bearer ?$/.test(headerOf(request, 'authorization')),
    ),
    'does without a scheme': apiAuthorization((value) => value.replace(/^(?=ey)/, 'Bearer ')),
    'takes any scheme': apiAuthorization((value) => value.replace(/^\w+ /, 'Bearer ')),
    'takes quotes off a token': apiAuthorization((value) => value.replaceAll('"', '')),
    'takes the first token of two': apiAuthorization((value) =>
      value.replace(/^(Bearer [^ ,]+)[ ,].*/, '$1'),
    ),
    'takes the first Authorization header of two': {
      apiRequest: (request) => {
        const first = headerOf(request, 'authorization');
        if (first) setHeader(request, 'Authorization', first);
      },
    },
    'knows no scheme in small letters': apiAuthorization((value) =>
      value.replace(/^bearer /, 'unknown '),
    ),
    'minds a second space': apiAuthorization((value) => value.replace(/^Bearer {2}/, 'Bearer - ')),
  },
  'I02: an access token in the query or the body': {
    'takes a token from the query': letIn(({ path }) => path.includes('access_token=')),
    'takes a token from a form': letIn(({ body }) => body.includes('access_token=')),
    'lets nobody in': closedApi(),
  },
};
