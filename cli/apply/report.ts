import { commandHint } from '../../registry/command-hint.ts';
import type { Carried } from '../../registry/declared/carry-out-all.ts';
import type { Change } from '../../registry/declared/change.ts';
import type { Plan } from '../../registry/declared/plan.ts';
import type { CommandContext } from '../command/command-context.ts';
import { failureOf } from '../command/failure.ts';
import { pastable } from '../command/invocation.ts';
import type { Answer } from '../io/terminal.ts';
import { note } from '../io/terminal.ts';
import type { PlacedProblem } from './declared-file.ts';
import { changeRecord, countText, diffLines, diffMarks, kindNames } from './diff.ts';

/** What a file asks for. */
export interface Application {
  readonly plan: Plan;
  readonly problems: readonly PlacedProblem[];
}

/** What is to be done, and to a program also what was. */
export function applicationReport({ plan, problems }: Application, carried?: Carried): Answer {
  const { changes, unchanged, kept, withoutSecret } = plan;
  return {
    json: {
      changes: changes.map(changeRecord),
      unchanged,
      kept,
      problems,
      without_secret: withoutSecret,
      ...(carried && outcome(carried)),
    },
    text: [...diffLines(plan), ...problems.map(problemLine), countText(plan)].join('\n'),
    marks: diffMarks,
  };
}

const outcome = ({ done, failed, left }: Carried) => ({
  done: done.map(subject),
  failed: failed.map(({ change, error }) => {
    const { code, message } = failureOf(error);
    return { ...subject(change), error: code, message };
  }),
  left: left.map(subject),
});

const subject = ({ kind, id }: Change) => ({ kind, id });

const problemLine = ({ place, line, sentence }: PlacedProblem): string =>
  `! ${line === undefined ? '' : `line ${line}, `}${place}: ${sentence}`;

/** Failures that people read; --json has all. */
const mostFailures = 20;

/** Tells people what was done, and what was not. */
export function noteOutcome({ terminal }: CommandContext, { done, failed, left }: Carried): void {
  for (const { change, error } of failed.slice(0, mostFailures)) {
    note(terminal, `warning: ${kindNames[change.kind]} ${change.id}: ${failureOf(error).message}`);
  }
  const undone = failed.length + left.length;
  const rest =
    undone === 0
      ? ''
      : ` ${undone} ${undone === 1 ? 'is' : 'are'} not: the same command again does the rest.`;
  note(terminal, `${done.length} of ${done.length + undone} changes are done.${rest}`);
}

/** Tells people which clients have no secret, and the command that makes one. */
export function noteWithoutSecret(
  { terminal, invocation, json }: CommandContext,
  { plan }: Application,
): void {
  const [first, ...others] = plan.withoutSecret;
  if (first === undefined || json) return;
  const hint = commandHint('client', 'secret', 'add', others.length === 0 ? first : 'CLIENT_ID');
  const sentence =
    others.length === 0
      ? `The client ${first} has no secret yet; ${hint} makes one.`
      : `${listed(plan.withoutSecret)} have no secret yet; ${hint} makes one.`;
  note(terminal, pastable(sentence, invocation));
}

/** Clients that are named in a sentence; --json has all. */
const mostNamed = 10;

function listed(ids: readonly string[]): string {
  const others = ids.length - mostNamed;
  return ids.slice(0, mostNamed).join(', ') + (others > 0 ? ` and ${others} more` : '');
}

/** Tells people that the demo of a local stack is deleted, if it is. */
export function noteDemo(
  { terminal, deployment, json }: CommandContext,
  { plan }: Application,
): void {
  const demo = ['demo', deployment.local?.api];
  const isGoing = plan.changes.some(({ action, id }) => action === 'delete' && demo.includes(id));
  if (!isGoing || !deployment.local || json) return;
  note(terminal, 'The demo of the local stack is among what is deleted; npm start makes it again.');
}
