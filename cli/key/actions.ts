import type { Done } from '../../functions/key-rotation/reply.ts';
import type { KeySession } from '../command-context.ts';
import { confirm } from '../io/prompt.ts';
import { note } from '../io/terminal.ts';
import { hesitations, keysText, refusals, revocationText, rotationText } from './view.ts';

/** `key list` */
export async function list(session: KeySession): Promise<void> {
  const { keys } = await session.keyRotation({ command: 'list' });
  session.print({ json: keys, text: keysText(keys, session.now()) });
  if (keys.some(({ state }) => state === 'active')) return;
  note(session.terminal, 'No key is active: the token endpoint answers 503 until one is.');
}

/** `key rotate` */
export async function rotate(
  session: KeySession,
  options: { readonly now?: boolean; readonly yes?: boolean },
): Promise<void> {
  const now = options.now === true;
  const question =
    'Let a new key sign at once? Some verifiers may refuse new tokens for about two hours.';
  if (now) await confirm(session.terminal, question, options.yes === true);
  const done = await session.keyRotation({ command: 'rotate', now });
  session.print({ json: withoutOutcome(done), text: rotationText(done) });
  if (!now) return;
  const told = hesitations(done, session.now());
  tell(session, told.length > 0 ? told : ['No verifier refuses new tokens: all can know the key.']);
  tell(session, ['Tokens that were signed before stay valid.']);
}

/** `key revoke` */
export async function revoke(
  session: KeySession,
  options: { readonly replace?: boolean; readonly yes?: boolean },
  kid: string,
): Promise<void> {
  const question = `Revoke the key ${kid}? Tokens that it signed are refused from then on.`;
  await confirm(session.terminal, question, options.yes === true);
  const replace = options.replace === true;
  const done = await session.keyRotation({ command: 'revoke', kid, replace });
  session.print({ json: withoutOutcome(done), text: revocationText(kid, done) });
  tell(session, [...refusals, ...hesitations(done, session.now())]);
}

function tell({ terminal }: KeySession, sentences: readonly string[]): void {
  for (const sentence of sentences) note(terminal, sentence);
}

const withoutOutcome = ({ outcome: _, ...rest }: Done) => rest;
