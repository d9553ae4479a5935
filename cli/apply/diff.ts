import type { Change, FieldChange } from '../../registry/declared/change.ts';
import type { Plan } from '../../registry/declared/plan.ts';

/** How the lines of a diff stand out. */
export const diffMarks = { '+': 'green', '~': 'yellow', '-': 'red', '!': 'red' } as const;

/** What would be done, for people. */
export function diffLines({ changes, kept }: Pick<Plan, 'changes' | 'kept'>): readonly string[] {
  return [
    ...changes.flatMap((change) => [headLine(change), ...fieldLines(change)]),
    ...kept.map(({ kind, id, why }) => `  ${kindNames[kind]} ${id} stays: ${why}`),
  ];
}

/** How many records are to be made, changed and deleted. */
export function countText({ changes, unchanged }: Pick<Plan, 'changes' | 'unchanged'>): string {
  const count = (action: Change['action']) =>
    changes.filter((change) => change.action === action).length;
  const parts = [
    [count('create'), 'to create'],
    [count('update'), 'to change'],
    [count('delete'), 'to delete'],
    [unchanged, 'as declared'],
  ] as const;
  return `${parts.map(([number, what]) => `${number} ${what}`).join(', ')}.`;
}

/** A change as programs see it: what it was planned for, and whose the record is, is for us. */
export const changeRecord = ({ kind, action, id, fields, ...change }: Change) => ({
  kind,
  action,
  id,
  fields,
  ...('isDefault' in change && change.isDefault && { default: true }),
});

/** What records are called. */
export const kindNames = { client: 'client', resource_server: 'resource server' } as const;

const signs = { create: '+', update: '~', delete: '-' } as const;

function headLine(change: Change): string {
  const { kind, action, id } = change;
  return `${signs[action]} ${kindNames[kind]} ${id}${action === 'delete' ? deletionText(change) : ''}`;
}

function deletionText({ kind, isDefault }: Extract<Change, { action: 'delete' }>): string {
  if (kind === 'client') return ', with its secrets; its tokens are revoked';
  const what = ', with the grants for it; the tokens for it are revoked';
  return isDefault ? `${what}; it is the default one, and there is none then` : what;
}

function fieldLines({ action, fields }: Change): readonly string[] {
  return fields.flatMap((field) => memberChanges(field)).map((field) => fieldLine(field, action));
}

/** Of an object, such as the grants, the members that change. */
function memberChanges({ name, before, after }: FieldChange): readonly FieldChange[] {
  if (!isParted(before) || !isParted(after) || name === 'jwks') return [{ name, before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((member) => JSON.stringify(before[member]) !== JSON.stringify(after[member]))
    .map((member) => ({
      name: `${name} ${member}`,
      before: before[member],
      after: after[member],
    }));
}

const isParted = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldLine({ name, before, after }: FieldChange, action: Change['action']): string {
  if (name === 'tokens')
    return `    its tokens are yet to be ${before === 'revoke' ? 'revoked' : 'let in'}`;
  if (name === 'secret') return `    secret: a new one, in Secrets Manager: ${json(after)}`;
  if (action === 'create') return `    ${name}: ${json(after)}`;
  return `    ${name}: ${json(before)} -> ${json(after)}`;
}

const json = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
