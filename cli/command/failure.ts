import { RetryLater } from '../../functions/oauth/oauth-error.ts';
import { RegistryError } from '../../registry/registry-error.ts';
import { CliError } from '../io/cli-error.ts';
import type { ErrorCode } from '../io/error-codes.ts';
import { failureNote, type Terminal } from '../io/terminal.ts';
import { awsFailure } from './aws-trouble.ts';
import { calledAgain, commandsIn, type Invocation, pastable } from './invocation.ts';

/** Why a command failed, as it is told. */
interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly exitCode: 1 | 2;
  readonly choices?: readonly string[];
}

/**
 * Tells why a command failed: to people in a sentence, and what to paste under it; to programs as a JSON
 * object on one line. Either goes where notes go, so that the answer has nothing else in it.
 */
export function tellFailure(
  terminal: Terminal,
  error: unknown,
  { json, invocation }: { readonly json: boolean; readonly invocation: Invocation },
): 1 | 2 {
  const { code, exitCode, message: sentence, choices = [] } = failureOf(error);
  const message = pastable(sentence, invocation);
  const commands = choices.map((stack) => calledAgain(invocation, '--stack', stack));
  const hint = [...commands, ...commandsIn(message)].join('\n') || undefined;
  failureNote(terminal, json ? { json: { error: code, message, hint } } : { message, commands });
  return exitCode;
}

const byConcern = {
  input: 'wrong_usage',
  contents: 'refused',
  unknown: 'not_found',
  taken: 'already_exists',
  busy: 'conflict',
  'half-done': 'half_done',
} as const satisfies Record<RegistryError['about'], ErrorCode>;

/** Why a command, or a part of one, failed. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CliError) return error;
  if (!(error instanceof RegistryError)) return { ...awsFailure(causeOf(error)), exitCode: 1 };
  const { about, message, cause } = error;
  const why = cause === undefined ? '' : ` (${failureOf(cause).message})`;
  return { code: byConcern[about], message: message + why, exitCode: about === 'input' ? 2 : 1 };
}

/** Of a store that does not answer, the cause tells more. */
const causeOf = (error: unknown): unknown => (error instanceof RetryLater ? error.cause : error);
