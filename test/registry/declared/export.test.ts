import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { carryOutAll } from '../../../registry/declared/carry-out-all.ts';
import type { DeclaredClient } from '../../../registry/declared/declaration.ts';
import { declaredRegistry } from '../../../registry/declared/declared-registry.ts';
import { planChanges } from '../../../registry/declared/plan.ts';
import { readDeclaration } from '../../../registry/declared/read-declaration.ts';
import type { Registry } from '../../../registry/registry.ts';
import { issuer } from '../../support/a-client.ts';
import { memoryRevocations } from '../../support/memory/memory-revocations.ts';
import { memoryRegistryStore } from '../../support/memory-registry-store.ts';
import { startedAt } from '../a-registry.ts';
import { declaredByMethod } from './clients.ts';

/** What is exported is what was registered, whatever that is. */

const token = fc.stringMatching(/^[\x21\x23-\x5B\x5D-\x7E]{1,12}$/);
const scopes = fc.uniqueArray(token, { maxLength: 4 });
const lifetime = fc.option(fc.integer({ min: 60, max: 86_400 }), { nil: undefined });
const claims = fc.dictionary(
  fc.stringMatching(/^x[a-z]{1,8}$/),
  fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(['no', 'off', '1e3']),
  ),
  { maxKeys: 3 },
);
const servers = fc.uniqueArray(
  fc.record({
    resource: fc.oneof(
      fc.stringMatching(/^urn:[a-z]{2,6}:[A-Za-z0-9]{1,10}$/),
      fc.stringMatching(/^https:\/\/[a-z]{1,9}\.example\.com\/[A-Za-z0-9:]{1,9}$/),
    ),
    scope: scopes,
    access_token_lifetime: lifetime,
    claims,
  }),
  { minLength: 1, maxLength: 4, selector: ({ resource }) => resource },
);
// What YAML might take for something else is a name like any other.
const name = fc.oneof(
  fc.constantFrom(
    'no',
    'null',
    '1.0',
    '0x1',
    '~',
    '- a',
    '# a',
    'a: b',
    "'",
    'true',
    '2020-01-01',
    '<<',
  ),
  fc.string({ maxLength: 30, unit: 'grapheme' }).filter((text) => /^[^\p{C}\p{Z}]+$/u.test(text)),
);
const clients = fc.uniqueArray(
  fc.record({
    client_id: fc.stringMatching(/^[A-Za-z0-9._~:/@][A-Za-z0-9._~:/@-]{0,20}$/),
    client_name: name,
    kind: fc.nat(declaredByMethod.length - 1),
    granted: fc.array(fc.nat(3), { maxLength: 3 }),
    introspected: fc.array(fc.nat(3), { maxLength: 2 }),
    access_token_lifetime: lifetime,
    dpop_bound_access_tokens: fc.boolean(),
    disabled: fc.boolean(),
    claims,
  }),
  { maxLength: 6, selector: ({ client_id }) => client_id },
);

const registries = fc.record({ servers, clients }).map(({ servers: apis, clients: machines }) => ({
  resource_servers: apis.map((api) => ({ ...api, scope: api.scope.join(' ') })),
  clients: machines.map(({ kind, granted, introspected, ...machine }): DeclaredClient => {
    const apiAt = (index: number) => apis[index % apis.length];
    const grants = granted.map((index) => [
      apiAt(index)?.resource,
      apiAt(index)
        ?.scope.slice(index % 2)
        .join(' '),
    ]);
    const introspection_resources = introspected.flatMap((index) => apiAt(index)?.resource ?? []);
    const [, base] = declaredByMethod[kind] ?? [];
    return { ...base, ...machine, grants: Object.fromEntries(grants), introspection_resources };
  }),
}));

const quiet = { prepare: async <Same>(change: Same) => change, told: () => {} };

test('an export that is applied changes nothing, and makes another registry the same', async () => {
  await fc.assert(
    fc.asyncProperty(registries, async (written) => {
      const registry = anEmptyRegistry();
      const applied = await applyTo(registry, written);
      expect(applied).toMatchObject({ problems: [], failed: [], left: [] });
      const exported = await declaredRegistry(registry);
      const yaml = stringify(exported, { aliasDuplicateObjects: false, lineWidth: 0 });
      for (const file of [parse(yaml), JSON.parse(JSON.stringify(exported))]) {
        const { declaration, problems } = await readDeclaration(file, issuer);
        expect(problems).toEqual([]);
        expect(declaration).toEqual(exported);
        expect(await planChanges(registry, declaration, { prune: true })).toMatchObject({
          changes: [],
          unchanged: written.clients.length + written.resource_servers.length,
        });
      }
      const copy = anEmptyRegistry();
      await applyTo(copy, parse(yaml));
      expect(await declaredRegistry(copy)).toEqual(exported);
    }),
    { numRuns: 100 },
  );
});

function anEmptyRegistry(): Registry {
  const now = () => startedAt;
  return { store: memoryRegistryStore(), revocations: memoryRevocations(now), now };
}

async function applyTo(registry: Registry, written: unknown) {
  const { declaration, problems } = await readDeclaration(written, issuer);
  const plan = await planChanges(registry, declaration, { prune: true });
  const carried = await carryOutAll(registry, plan.changes, quiet);
  return { problems: [...problems, ...plan.problems], ...carried };
}
