import fc from 'fast-check';
import { expect, test } from 'vitest';
import { registryKey } from '../../../functions/aws/registry-items.ts';
import type { Client } from '../../../functions/oauth/client.ts';
import { hashClientSecret } from '../../../functions/oauth/client-secret.ts';
import { updateClient } from '../../../registry/client-update.ts';
import { deleteClient, listClients } from '../../../registry/clients.ts';
import type { Death } from './a-life.ts';
import { type Administration, anAdministration } from './administration.ts';
import { cloudFormation, type Misfortune, type Template, type Wanted } from './cloud-formation.ts';

/** Whatever CloudFormation does, in whatever order, the end is what the last deployment that went well has asked for. */

/** Who has a client, and how it is declared: what has to be in the registry in the end. */
interface Owned {
  readonly stack: string;
  readonly logical: string;
  readonly wanted: Wanted;
}

type Model = ReadonlyMap<string, Owned>;
type Cloud = ReturnType<typeof cloudFormation>;

interface DeployStep {
  readonly do: 'deploy';
  readonly stack: string;
  readonly template: Template;
  readonly misfortune: Misfortune;
}

type Step = DeployStep | { readonly do: 'delete' | 'change'; readonly client_id: string };

const ids = ['one', 'two', 'three'];
const stackNames = ['A', 'B'];

/** Most things go well. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const death: fc.Arbitrary<Death | undefined> = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 7 }), isDone: fc.boolean() }),
  { nil: undefined },
);

const wanted: fc.Arbitrary<Wanted> = fc.record({
  client_id: fc.constantFrom(...ids),
  name: fc.constantFrom('First', 'Second'),
  scope: fc.constantFrom('read', 'write', 'read write'),
  hasSecret: fc.boolean(),
  takeOver: fc.boolean(),
});

// A template that declares one client twice is nothing that has one right end.
const template: fc.Arbitrary<Template> = fc
  .uniqueArray(wanted, { selector: ({ client_id }) => client_id, maxLength: 2 })
  .chain((clients) =>
    fc
      .shuffledSubarray(['X', 'Y', 'Z'], { minLength: clients.length, maxLength: clients.length })
      .map((logical) => Object.fromEntries(clients.map((one, index) => [logical[index], one]))),
  );

const misfortune: fc.Arbitrary<Misfortune> = fc.record({
  failsAfter: rarely(fc.nat(1)),
  lostAt: rarely(fc.nat(2)),
  deaths: fc.array(death, { maxLength: 4 }),
  twice: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('deploy' as const),
      stack: fc.constantFrom(...stackNames),
      template,
      misfortune,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('delete' as const, 'change' as const),
      client_id: fc.constantFrom(...ids),
    }),
  },
);

/** What somebody does by hand. */
async function byHand(
  { registry }: Administration,
  { do: act, client_id }: Step & { client_id: string },
) {
  if (!(await registry.store.read(registryKey.client(client_id)))) return;
  if (act === 'delete') await deleteClient(registry, client_id);
  else await updateClient(registry, client_id, { client_name: 'By hand' });
}

/** What of a template CloudFormation asks for: what is as before it leaves alone. */
const changedIn = (stack: string, template: Template, cloud: Cloud): readonly Owned[] =>
  Object.entries(template)
    .filter(([logical, one]) => {
      const before = cloud.stacks.get(stack)?.made.get(logical)?.wanted;
      return JSON.stringify(before) !== JSON.stringify(one);
    })
    .map(([logical, wanted]) => ({ stack, logical, wanted }));

/** Deploys a template, and gives the model behind it: another one only where that went well. */
async function deploy(
  cloud: Cloud,
  model: Model,
  { stack, template, misfortune }: Pick<DeployStep, 'stack' | 'template'> & Partial<DeployStep>,
): Promise<Model> {
  const changed = changedIn(stack, template, cloud);
  const reason = await cloud.deploy(stack, template, misfortune);
  const isForeign = changed.some(({ wanted: { client_id, takeOver } }) => {
    const owner = model.get(client_id)?.stack;
    return !takeOver && owner !== undefined && owner !== stack;
  });
  if (isForeign) expect(reason).toBeDefined();
  if (reason !== undefined) return model;
  const declared = new Set(Object.values(template).map(({ client_id }) => client_id));
  const kept = [...model].filter(([id, owned]) => owned.stack !== stack || declared.has(id));
  return new Map([...kept, ...changed.map((owned) => [owned.wanted.client_id, owned] as const)]);
}

/** Whatever went wrong, each client is there, and in the hands of whoever has it. */
async function checkOwners({ registry }: Administration, cloud: Cloud, model: Model) {
  for (const [client_id, { stack, logical }] of model) {
    const item = await registry.store.read(registryKey.client(client_id));
    expect(item?.managed_by).toBe(`${cloud.stacks.get(stack)?.id}/${logical}`);
  }
}

/** Deploys each stack once more, with a change of every client, so that what was done by hand is undone. */
async function deployAgain(cloud: Cloud, model: Model): Promise<Model> {
  let after = model;
  for (const [stack, { made }] of [...cloud.stacks]) {
    const template = Object.fromEntries(
      [...made].map(([logical, { wanted: one }]) => [logical, { ...one, name: 'Last' }]),
    );
    after = await deploy(cloud, after, { stack, template });
  }
  return after;
}

/** The hashes of all secrets that stacks have. */
async function valuesOf(administration: Administration, cloud: Cloud): Promise<readonly string[]> {
  const arns = [...cloud.stacks.values()].flatMap(({ secrets }) => [...secrets.values()]);
  const values = await Promise.all(arns.map((arn) => administration.secretIn(arn)));
  return values.map(({ client_secret }) => hashClientSecret(String(client_secret)));
}

async function checkEnd(administration: Administration, cloud: Cloud, model: Model): Promise<void> {
  const clients = await listClients(administration.registry);
  expect(clients.map(({ client_id }) => client_id).sort()).toEqual([...model.keys()].sort());
  for (const client of clients) {
    const owned = model.get(client.client_id);
    const stack = cloud.stacks.get(owned?.stack ?? '');
    const item = await administration.registry.store.read(registryKey.client(client.client_id));
    expect(item?.managed_by).toBe(`${stack?.id}/${owned?.logical}`);
    expect(client.client_name).toBe(owned?.wanted.name);
    const [scope = new Set()] = client.grants.values();
    expect([...scope].sort().join(' ')).toBe(owned?.wanted.scope);
    expect(client.disabled).toBe(false);
    await checkSecret(administration, cloud, { client, owned });
  }
}

async function checkSecret(
  administration: Administration,
  cloud: Cloud,
  { client, owned }: { readonly client: Client; readonly owned: Owned | undefined },
): Promise<void> {
  const hashes = client.secrets.map(({ hash }) => hash);
  // Whom it was taken from has a secret of his own until he removes it.
  expect(await valuesOf(administration, cloud)).toEqual(expect.arrayContaining(hashes));
  if (!owned?.wanted.hasSecret) return expect(hashes).toEqual([]);
  const arn = cloud.stacks.get(owned.stack)?.secrets.get(owned.logical);
  const kept = await administration.secretIn(String(arn));
  expect(kept.client_id).toBe(client.client_id);
  expect(hashes).toContain(hashClientSecret(String(kept.client_secret)));
}

test('the end is what was asked for last, whatever fails, dies, comes twice or is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const administration = await anAdministration();
      const cloud = cloudFormation(administration);
      let model: Model = new Map();
      for (const one of steps) {
        if (one.do === 'deploy') model = await deploy(cloud, model, one);
        else {
          await byHand(administration, one);
          if (one.do === 'delete')
            model = new Map([...model].filter(([id]) => id !== one.client_id));
        }
        await checkOwners(administration, cloud, model);
      }
      model = await deployAgain(cloud, model);
      await checkEnd(administration, cloud, model);
    }),
    { numRuns: 80 },
  );
});
