import { errorWhen, saidAs, tokenWhen } from './answer-breakage.ts';
import { apiAuthorization, closedApi } from './api-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import { claims } from './document-breakage.ts';
import { isInvalidClient } from './message-in-hand.ts';

/** Breaks what RFC 7523, RFC 8705 and RFC 9449 ask for. */
export const clientProofBreakages: BreakageTable = {
  'B14: a JWT of a trusted issuer is a grant': {
    'gives a token for any JWT': tokenWhen((_, { body }) => body.includes('jwt-bearer')),
    'has invalid_grant for a grant that it does not know': saidAs(
      'unsupported_grant_type',
      'invalid_grant',
    ),
    'refuses every grant': errorWhen(() => true, 400, 'unsupported_grant_type'),
  },
  'C08: a certificate in a header': {
    'believes in a certificate in a header': tokenWhen(
      (answer, { headers }) =>
        isInvalidClient(answer) && headers.some(([name]) => /cert/i.test(name)),
    ),
    'binds a token to a certificate in a header': claims({ cnf: { 'x5t#S256': 'A4DtL2JmUMhA' } }),
  },
  'D16: a token that is bound to no key': {
    'takes DPoP for Bearer': apiAuthorization((value) => value.replace(/^DPoP /, 'Bearer ')),
    'lets nobody in': closedApi(),
  },
};
