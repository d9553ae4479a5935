import { answerWhen, errorWhen, tokenWhen } from './answer-breakage.ts';
import { letIn } from './api-breakage.ts';
import { hasAssertion } from './assertion-breakage.ts';
import type { BreakageTable } from './breakage-table.ts';
import type { Breakage, RequestInHand } from './broken-deployment.ts';
import { metadata } from './document-breakage.ts';
import { isInvalidClient } from './message-in-hand.ts';
import { atTokenEndpoint } from './rfc8705-mutual-tls.ts';

const meant = (_: unknown, request: RequestInHand) => hasAssertion(request);

/** Gives a token with these claims, which nobody has signed. */
function tokenWith(claims: object): Breakage {
  const parts = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const body = JSON.stringify({ access_token: `${parts.join('.')}.`, token_type: 'Bearer' });
  const given = answerWhen(meant, (answer) => Object.assign(answer, { status: 200, body }));
  return { ...atTokenEndpoint, ...given };
}

const announced = (value: unknown) =>
  metadata({ tls_client_certificate_bound_access_tokens: () => value });

/** Breaks what RFC 8705 §3 asks for. */
export const certificateBoundBreakages: BreakageTable = {
  'C04: a token is bound to the certificate': {
    'binds it to nothing': tokenWith({}),
    'binds it to another certificate': tokenWith({
      cnf: { 'x5t#S256': 'A4DtL2JmUMhAsvJj6tKyn64SqzmuXbMrJa0n761y5v0' },
    }),
    'has no token for it': { ...atTokenEndpoint, ...errorWhen(meant, 400, 'invalid_request') },
    'gives one without a certificate': tokenWhen(({ status }) => status === 400),
  },
  'C05: a token that is bound to a certificate': {
    'lets it in without the certificate': letIn(() => true),
    'binds it to nothing': tokenWith({}),
  },
  'C06: tls_client_certificate_bound_access_tokens': {
    'has a text for true': announced('true'),
    'takes a client_id alone, and announces nothing': {
      ...announced(undefined),
      ...tokenWhen(isInvalidClient),
    },
  },
};
