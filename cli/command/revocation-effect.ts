import type { Revocation } from '../../functions/oauth/revocation.ts';
import { commandHint } from '../../registry/command-hint.ts';
import { lastExpiry } from '../../registry/revocations.ts';
import { date } from '../io/table.ts';
import { note } from '../io/terminal.ts';
import type { DeploymentContext } from './command-context.ts';
import { pastable } from './invocation.ts';

/** What the help of commands says that take tokens back. */
export const effectHelp = `
APIs that refuse revoked tokens do so within the seconds that each has set (refuseRevokedWithin). Others accept
them until they expire. Times are those of AWS, whatever the clock of this computer says.`;

/** What was taken back, as programs see it beside the rest. All times are NumericDates. */
export const revocationRecord = ({ revoked_at, not_before, expires_at }: Revocation) => ({
  revoked_at,
  ...(not_before !== undefined && { not_before }),
  expires_at,
});

type Teller = Pick<DeploymentContext, 'terminal' | 'invocation' | 'json'>;

/** Tells people when who refuses what was taken back; programs have the times. */
export function noteEffect(
  { terminal, json }: Teller,
  revocation: Pick<Revocation, 'expires_at'>,
): void {
  if (json) return;
  const until = date(lastExpiry(revocation));
  note(
    terminal,
    'APIs that refuse revoked tokens do so within the seconds that each has set, 10 in the demo.',
  );
  note(terminal, `Others accept them until they expire, at ${until} at the latest.`);
}

/** Tells people of a right that was taken away that tokens still have it, and what takes them back. */
export function noteTokensOut(
  { terminal, invocation, json }: Teller,
  kind: 'client' | 'resource',
  id: string,
): void {
  if (json) return;
  const hint = commandHint(kind, 'revoke-tokens', id);
  const sentence = `Tokens that are out keep what they say until they expire; ${hint} takes them back.`;
  note(terminal, pastable(sentence, invocation));
}
