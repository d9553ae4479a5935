import { saidAs, tokenWhen } from './answer-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims, fromParameter } from './document-breakage.ts';
import { formOf } from './message-in-hand.ts';

/** Breaks what RFC 9068 §3 and §5 ask for. */
export const requestedTokenBreakages: BreakageTable = {
  'E06: aud is the resource of the request': {
    'swaps iss and aud': {
      accessToken: ({ claims }) => {
        [claims.iss, claims.aud] = [String(claims.aud), claims.iss];
      },
    },
    'has the issuer as aud where no resource was named': claims({
      aud: (aud: string, { members, request }) =>
        request && !formOf(request).has('resource') && !formOf(request).has('scope')
          ? members.iss
          : aud,
    }),
    'has the issuer as another aud where scope was named': claims({
      aud: (aud: string, { members, request }) =>
        request?.body.includes('ledger%3Aread') ? [aud, members.iss] : aud,
    }),
  },
  'E06: a request that does not tell which of several': {
    'gives a token for some resource server': tokenWhen(
      ({ status }, request) => status === 400 && !formOf(request).has('scope'),
    ),
    'takes the first resource server that has the scope': tokenWhen(
      ({ status }, request) => status === 400 && formOf(request).get('scope') === 'orders:read',
    ),
    'has invalid_request where a resource is missing': saidAs('invalid_target', 'invalid_request'),
  },
  'E06: a scope of values that imply different': {
    'gives a token for scope across resource servers': tokenWhen((_, request) =>
      Boolean(formOf(request).get('scope')?.includes(' ')),
    ),
    'has invalid_target for scope across resource servers': saidAs(
      'invalid_scope',
      'invalid_target',
    ),
  },
  'E07: a client cannot choose the subject': {
    'takes sub from the request': claims({ sub: fromParameter('sub') }),
    'takes another name of the subject from the request': claims({
      username: fromParameter('username'),
    }),
  },
  'E10: no parameter sets or changes a claim': {
    'takes unknown parameters for claims': claims({ roles: fromParameter('roles') }),
    'lets the client choose exp': claims({ exp: fromParameter('exp', Number) }),
    'lets the client choose iat': claims({ iat: fromParameter('iat', Number) }),
    'lets the client choose jti': claims({ jti: fromParameter('jti') }),
    'lets the client choose aud': claims({ aud: fromParameter('aud') }),
    'takes a cnf from the request': claims({ cnf: fromParameter('cnf', JSON.parse) }),
  },
};
