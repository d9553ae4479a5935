import { parseClient, parseResourceServer } from '../../functions/aws/registry-items.ts';
import type { Client } from '../../functions/oauth/client.ts';
import { isSecretMethod } from '../client-authentication.ts';
import { isExpired } from '../client-secrets.ts';
import type { StoredItem } from '../registry-store.ts';
import { canonicalJson, fingerprint } from './canonical.ts';
import type { Change, FieldChange } from './change.ts';
import type { DeclaredClient, DeclaredResourceServer } from './declaration.ts';
import { dueTokens } from './due-tokens.ts';
import { declaredClient, declaredResourceServer } from './normal-form.ts';
import { type Ownership, ownerAttribute, ownerOf } from './ownership.ts';
import { clientAsDeclared } from './registered-form.ts';

/**
 * What is to be done so that a client is as declared.
 * @param item how it is registered; undefined: it is not
 * @param now NumericDate
 * @returns undefined: nothing
 */
export function clientChange(
  declared: DeclaredClient,
  item: StoredItem | undefined,
  { owner }: Ownership,
  now: number,
): Change | undefined {
  const before = item && parseClient(item);
  const after = clientAsDeclared(declared, before, now);
  const fields = [
    ...fieldChanges(before && declaredClient(before), declaredClient(after)),
    ...fieldChange('secrets', idsOf(before?.secrets), idsOf(after.secrets)),
    ...(lacksSecret(after, now) ? fieldChange('secret', undefined, declared.secret) : []),
    ...commonChanges(item, owner),
  ];
  if (item && fields.length === 0) return undefined;
  const action = item ? 'update' : 'create';
  const id = declared.client_id;
  return { kind: 'client', action, id, fields, declared, owner, seen: item && fingerprint(item) };
}

/** Whether a client needs a secret, and has none that works. */
export const lacksSecret = (
  { token_endpoint_auth_method: method, secrets }: Client,
  now: number,
): boolean => isSecretMethod(method) && secrets.every((secret) => isExpired(secret, now));

/** The same for a resource server. */
export function resourceServerChange(
  declared: DeclaredResourceServer,
  item: StoredItem | undefined,
  { owner }: Ownership,
): Change | undefined {
  const before = item && declaredResourceServer(parseResourceServer(item));
  const fields = [...fieldChanges(before, declared), ...commonChanges(item, owner)];
  if (item && fields.length === 0) return undefined;
  const action = item ? 'update' : 'create';
  const id = declared.resource;
  const seen = item && fingerprint(item);
  return { kind: 'resource_server', action, id, fields, declared, owner, seen };
}

/** Of secrets nobody is told more than that. */
function idsOf(secrets: readonly { readonly id: string }[] = []): readonly string[] | undefined {
  return secrets.length === 0 ? undefined : secrets.map(({ id }) => id);
}

const commonChanges = (
  item: StoredItem | undefined,
  owner: string | undefined,
): readonly FieldChange[] => [
  ...(owner === undefined ? [] : fieldChange(ownerAttribute, item && ownerOf(item), owner)),
  ...fieldChange('tokens', item && dueTokens(item), undefined),
];

function fieldChanges(before: object = {}, after: object): readonly FieldChange[] {
  const members: Readonly<Record<string, unknown>> = { ...before };
  const wanted: Readonly<Record<string, unknown>> = { ...after };
  const names = new Set([...Object.keys(wanted), ...Object.keys(members)]);
  return [...names].flatMap((name) => fieldChange(name, members[name], wanted[name]));
}

function fieldChange(name: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (canonicalJson([before]) === canonicalJson([after])) return [];
  return [
    {
      name,
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    },
  ];
}
