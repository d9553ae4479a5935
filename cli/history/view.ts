import type { RegistryChange } from '../../functions/history/registry-change.ts';
import { date } from '../io/table.ts';
import { visible } from '../io/visible.ts';

/** Changes as people see them: a line each, and one for each member that changed. */
export const historyText = (changes: readonly RegistryChange[]): string =>
  changes.map(changeText).join('\n');

const subjects: Readonly<Record<RegistryChange['subject'], string>> = {
  client: 'client',
  resource_server: 'resource server',
  default_resource_server: 'the default resource server',
  key_ring: 'the signing keys',
  other: 'an item',
};

function changeText(change: RegistryChange): string {
  const { time, identity, tool, action, subject, id, fields, untold } = change;
  const isNamed = ['client', 'resource_server', 'other'].includes(subject);
  const what = isNamed ? `${subjects[subject]} ${id}` : subjects[subject];
  const who = identity === undefined ? elsewhere : `${shortName(identity)}  ${tool}`;
  return [
    visible(`${date(time)}  ${who}  ${action} ${what}`),
    ...fields.map(({ name, before, after }) =>
      visible(`    ${name}: ${[before, after].flatMap(valueText).join(' -> ')}`),
    ),
    ...untold.map((name) => visible(`    ${name}: changed, and not shown`)),
  ].join('\n');
}

const elsewhere = 'not by Countersign';

const valueText = (value: unknown): string | readonly [] => {
  if (value === undefined) return [];
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Who an ARN names, as people say it: `alice (Operators)` of a role, `alice` of a user. */
export function shortName(identity: string): string {
  const [, role, session] = /^arn:[^:]*:sts::\d*:assumed-role\/(.+)\/([^/]+)$/.exec(identity) ?? [];
  if (role !== undefined) return `${session} (${role})`;
  const [, user] = /^arn:[^:]*:iam::\d*:user\/(?:.*\/)?([^/]+)$/.exec(identity) ?? [];
  return user ?? identity;
}
