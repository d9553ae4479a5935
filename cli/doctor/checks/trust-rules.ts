import { usesKind } from '../../../registry/client-authentication.ts';
import { risksOf } from '../../../registry/trust/risks.ts';
import type { Examination } from '../examination/examination.ts';
import { faultsOr, notChecked, type Verdict, warning } from '../findings/finding.ts';
import { shortened } from '../findings/foreign-value.ts';
import { within } from '../findings/time-limit.ts';

/** Whether the trust rules of clients let in others than they are meant for (RFC 7523 §3). */
export async function checkTrustRules({
  subject: { clients, limit },
}: Examination): Promise<readonly Verdict[]> {
  if (!clients) return [unknown];
  const all = await within(clients(), 2 * limit, tooMany);
  const federated = all.filter(({ token_endpoint_auth_method: method }) =>
    usesKind(method, 'rules'),
  );
  const faults = federated.flatMap(({ client_id, trust }) =>
    trust.flatMap(risksOf).map((risk) => risky(client_id, risk)),
  );
  return faultsOr(faults, 'No trust rule lets in others than it is meant for, as far as is known.');
}

const risky = (client_id: string, risk: string): Verdict =>
  warning(
    `The client ${client_id} has a trust rule that is a risk: ${shortened(risk)}.`,
    'Name one subject, or at a known platform the claims of one tenant: `countersign client update --trust`.',
  );

const tooMany = notChecked(
  'There are more clients than can be looked at in this time.',
  'Look at those that are federated with `countersign client list`.',
);

const unknown = notChecked(
  'The clients of an issuer that is known by its URL alone cannot be listed.',
  'Name the deployment with --stack or --local.',
);
