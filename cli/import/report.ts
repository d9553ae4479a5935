import type { Carried } from '../../registry/declared/carry-out-all.ts';
import type { Change } from '../../registry/declared/change.ts';
import type { ImportPlan } from '../../registry/import/import-plan.ts';
import { changeRecord, diffMarks, kindNames } from '../apply/diff.ts';
import { failureOf } from '../command/failure.ts';
import type { Answer } from '../io/terminal.ts';
import { visible } from '../io/visible.ts';

/** What an import says: what would be done, or was, and what was not and why. */
export function reportOf(plan: ImportPlan, carried?: Carried): Answer {
  const { kept, unchanged, notes, leftOut } = plan;
  const changes = carried?.done ?? plan.changes;
  return {
    json: {
      dry_run: carried === undefined,
      created: count(changes, 'create'),
      updated: count(changes, 'update'),
      unchanged,
      changes: changes.map(changeRecord),
      kept: kept.map(changeRecord),
      notes,
      left_out: leftOut,
      problems: [...plan.problems, ...failures(carried)],
      not_begun: carried?.left.length ?? 0,
    },
    // Names of others may have line breaks.
    text: sections(plan, carried).flat().map(visible).join('\n'),
    marks: { ...diffMarks, 'Refused:': 'red' },
  };
}

const failures = (carried: Carried | undefined): ImportPlan['problems'] =>
  (carried?.failed ?? []).map(({ change, error }) => ({
    place: 'the registry',
    id: change.id,
    sentence: failureOf(error).message,
  }));

const count = (changes: readonly Change[], action: Change['action']): number =>
  changes.filter((change) => change.action === action).length;

function sections(plan: ImportPlan, carried: Carried | undefined): readonly (readonly string[])[] {
  const problems = [...plan.problems, ...failures(carried)];
  return [
    some((carried?.done ?? plan.changes).map(changeLine)),
    section(
      'Registered already in another way, and left so; --update changes them:',
      plan.kept.map((change) => `  ${change.id}: ${fieldNames(change)}`),
    ),
    section('Notes:', grouped(plan.notes.map(({ id, sentence }) => [sentence, id]))),
    section('Left out:', grouped(plan.leftOut.map(({ id, reason }) => [reason, id]))),
    section(
      'Refused:',
      problems.map(({ place, id, sentence }) => `  ${placed(place, id)}: ${sentence}`),
    ),
    [countLine(plan, carried, problems.length)],
  ];
}

function countLine(
  { changes, unchanged, leftOut }: ImportPlan,
  carried: Carried | undefined,
  refused: number,
): string {
  const made = carried?.done ?? changes;
  const parts = [
    `${count(made, 'create')} ${carried ? 'created' : 'to create'}`,
    `${count(made, 'update')} ${carried ? 'changed' : 'to change'}`,
    `${unchanged} unchanged`,
    `${leftOut.length} left out`,
    `${refused} refused`,
  ];
  const rest = carried?.left.length ?? 0;
  const again = rest === 0 ? '' : ` ${rest} are yet to be done: the same command again does them.`;
  return `${parts.join(', ')}.${again}`;
}

/** Characters of an id that people read; a wrong one may have any number. */
const longestId = 80;

const placed = (place: string, id = ''): string => {
  if (id === '') return place;
  return `${place} (${id.length > longestId ? `${id.slice(0, longestId)}...` : id})`;
};

const fieldNames = ({ fields }: Change): string => fields.map(({ name }) => name).join(', ');

function changeLine(change: Change): string {
  const what = `${kindNames[change.kind]} ${change.id}`;
  return change.action === 'update' ? `~ ${what}: ${fieldNames(change)}` : `+ ${what}`;
}

/** Lines of a kind that people read; --json has all. */
const most = 50;

const some = (lines: readonly string[]): readonly string[] =>
  lines.length <= most
    ? lines
    : [...lines.slice(0, most), `  and ${lines.length - most} more, which --json shows`];

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...some(lines)];

const fewIds = 5;

/** What is said of many is said once. */
function grouped(said: readonly (readonly [sentence: string, id: string])[]): readonly string[] {
  return [...Map.groupBy(said, ([sentence]) => sentence)].map(([sentence, all]) => {
    const ids = all.map(([, id]) => id);
    const others = ids.length - fewIds;
    const named = ids.slice(0, fewIds).join(', ');
    return `  ${named}${others > 0 ? ` and ${others} more` : ''}: ${sentence}`;
  });
}
