import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.ts';
import { note, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

/**
 * Asks whether to do what cannot be undone.
 * @param yes the person said so on the command line
 * @throws CliError unless the answer is yes; exit code 2 when there is nobody to ask
 */
export async function confirm(terminal: Terminal, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!terminal.input.isTTY) {
    throw new CliError(
      'this cannot be undone, and there is no terminal to ask: confirm with --yes',
      2,
      { code: 'confirmation_needed' },
    );
  }
  await agree(terminal, question);
}

/** What a command does that somebody has to answer for, and who is there to be asked. */
export interface RiskyCommand {
  readonly terminal: Terminal;
  /** What it prints is for a program: nobody is to be asked. */
  readonly json: boolean;
}

/**
 * Tells of risks, and asks whether to take them.
 * @param yes the person takes them, and said so on the command line
 * @throws CliError unless they are taken; exit code 2 in a script, which has to say so
 */
export async function confirmRisks(
  { terminal, json }: RiskyCommand,
  risks: readonly string[],
  yes: boolean,
): Promise<void> {
  if (risks.length === 0) return;
  if (!yes && (json || !terminal.input.isTTY)) {
    const sentence = `${risks.join('; ')}; whoever takes this risk confirms it with --yes`;
    throw new CliError(sentence, 2, { code: 'confirmation_needed' });
  }
  for (const risk of risks) note(terminal, `warning: ${risk}`);
  if (!yes) await agree(terminal, 'Take this risk?');
}

const declined = () => new CliError('nothing was changed', 1, { code: 'declined' });

async function agree(terminal: Terminal, question: string): Promise<void> {
  const reply = await ask(terminal, `${visible(question)} [y/N] `, terminal.notes);
  if (!/^y(es)?$/i.test(reply.trim())) throw declined();
}

/**
 * Reads a secret: at a terminal without echo, else all of standard input but the last newline.
 * @param receiver whose it is, or to whom it will be sent, which a person sees first
 * @param none what is wrong when there is none
 * @throws CliError when there is none
 */
export async function readSecret(
  terminal: Terminal,
  receiver: string,
  none = 'no client secret was given: use COUNTERSIGN_CLIENT_SECRET, standard input or --client-secret',
): Promise<string> {
  const secret = terminal.input.isTTY
    ? await askSecret(terminal, receiver)
    : (await text(terminal.input)).replace(/\r?\n$/, '');
  if (secret) return secret;
  throw new CliError(none, 2);
}

async function askSecret(terminal: Terminal, receiver: string): Promise<string> {
  terminal.notes.write(`client secret for ${visible(receiver)}: `);
  const reply = await ask(
    terminal,
    '',
    new Writable({ write: (_chunk, _encoding, done) => done() }),
  );
  terminal.notes.write('\n');
  return reply;
}

function ask(terminal: Terminal, question: string, echo: Writable): Promise<string> {
  const reader = createInterface({ input: terminal.input, output: echo, terminal: true });
  return new Promise((resolve, reject) => {
    reader.once('close', () => reject(declined()));
    reader.question(question, (reply) => {
      resolve(reply);
      reader.close();
    });
  });
}
