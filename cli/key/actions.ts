import type { Done, ShownKey } from '../../functions/key-rotation/reply.ts';
import { confirm } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';
import type { KeyCommandContext } from './key-command-context.ts';
import {
  keysText,
  newKeyNotes,
  revocationNotes,
  revocationText,
  revokedKeyRecord,
  rotationText,
  strangerNotes,
} from './view.ts';

/** `key list` */
export async function list(
  context: KeyCommandContext,
  { state }: { readonly state?: ShownKey['state'] },
): Promise<void> {
  const done = await context.keyRotation({ command: 'list' });
  const { keys } = done;
  const shown = keys.filter((key) => state === undefined || key.state === state);
  const json = { ...withoutOutcome(done), keys: shown };
  context.print({ json, text: keysText(shown, context.now()) });
  tell(context, strangerNotes(done));
  if (keys.some(({ state }) => state === 'active')) return;
  note(context.terminal, 'No key is active: the token endpoint answers 503 until one is.');
}

/** `key rotate` */
export async function rotate(
  context: KeyCommandContext,
  options: { readonly now?: boolean; readonly yes?: boolean },
): Promise<void> {
  const now = options.now === true;
  const question =
    'Let a new key sign at once? Some verifiers may refuse new tokens for about two hours.';
  if (now) await confirm(context.terminal, question, options.yes === true);
  const done = await context.keyRotation({ command: 'rotate', now });
  context.print({ json: withoutOutcome(done), text: rotationText(done) });
  if (!now) return;
  const told = newKeyNotes(done, context.now());
  tell(context, told.length > 0 ? told : ['No verifier refuses new tokens: all can know the key.']);
  tell(context, ['Tokens that were signed before stay valid.']);
}

/** `key revoke` */
export async function revoke(
  context: KeyCommandContext,
  options: { readonly replace?: boolean; readonly yes?: boolean },
  kid: string,
): Promise<void> {
  const question = `Revoke the key ${kid}? Tokens that it signed are refused from then on.`;
  await confirm(context.terminal, question, options.yes === true);
  const replace = options.replace === true;
  const done = await context.keyRotation({ command: 'revoke', kid, replace });
  const json = { ...withoutOutcome(done), ...revokedKeyRecord(kid, done) };
  context.print({ json, text: revocationText(kid, done) });
  tell(context, [...revocationNotes(context.hasRevocations), ...newKeyNotes(done, context.now())]);
}

function tell({ terminal }: KeyCommandContext, sentences: readonly string[]): void {
  for (const sentence of sentences) note(terminal, sentence);
}

const withoutOutcome = ({ outcome: _, ...rest }: Done) => rest;
