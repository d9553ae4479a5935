import { expect, test } from 'vitest';
import { rotationSteps } from '../../../functions/administration/secret-rotation/rotation-event.ts';
import { newClientSecret } from '../../../functions/oauth/client-secret.ts';
import { newSecret, withoutSecret, withSecret } from '../../../registry/client-secrets.ts';
import {
  changeClient,
  createClient,
  deleteClient,
  setClientDisabled,
} from '../../../registry/clients.ts';
import { keptSecretId } from '../../../registry/kept-secrets.ts';
import { aRotation, arn, day, hour } from './a-rotation.ts';

test('two secrets work during the overlap, and the new one alone after it', async () => {
  const { rotate, secretIn, works, client_secret, clock, byHand } = await aRotation();
  const version = await rotate();
  expect(secretIn(version)).not.toBe(client_secret);
  clock.now += day - 1;
  expect([await works(client_secret), await works(secretIn(version))]).toEqual([true, true]);
  clock.now += 1;
  expect([await works(client_secret), await works(secretIn(version))]).toEqual([false, true]);
  expect(await works(byHand)).toBe(true);
});

test('whatever else is in the value stays in it', async () => {
  const { rotate, keeper } = await aRotation();
  const before = JSON.parse(keeper.versions.get('the-first')?.value ?? '');
  const after = JSON.parse(keeper.versions.get(await rotate())?.value ?? '');
  expect(after).toEqual({ ...before, client_secret: after.client_secret });
});

test('the overlap is what the tag says', async () => {
  const { rotate, keeper, works, client_secret, clock } = await aRotation();
  keeper.tags.set('countersign:secret-overlap', String(hour));
  await rotate();
  clock.now += hour - 1;
  expect(await works(client_secret)).toBe(true);
  clock.now += 1;
  expect(await works(client_secret)).toBe(false);
});

test.for(['0', '59', '-1', '24h', '', '7776001', '99999999999'])(
  'an overlap of %j changes nothing, and is named',
  async (overlap) => {
    const { step, begin, keeper, secrets } = await aRotation();
    keeper.tags.set('countersign:secret-overlap', overlap);
    const before = await secrets();
    await expect(step('createSecret', begin())).rejects.toThrow(
      'the tag countersign:secret-overlap of',
    );
    expect(await secrets()).toEqual(before);
  },
);

test('each step may be run again, also after a later one, and changes nothing more', async () => {
  const { step, begin, keeper, secrets } = await aRotation();
  const version = begin();
  for (const [index, name] of rotationSteps.entries()) {
    await step(name, version);
    const state = [await secrets(), structuredClone(keeper.versions)];
    for (const earlier of rotationSteps.slice(0, index + 1)) await step(earlier, version);
    expect([await secrets(), structuredClone(keeper.versions)]).toEqual(state);
  }
});

test('five secrets are never reached, and a secret that a person has added stays', async () => {
  const { rotate, works, byHand, secrets, secretIn, clock } = await aRotation();
  const versions: string[] = [];
  for (let time = 0; time < 8; time += 1) {
    versions.push(await rotate());
    clock.now += 1;
    expect((await secrets()).length).toBeLessThanOrEqual(5);
  }
  expect(await works(byHand)).toBe(true);
  for (const version of versions.slice(-2)) expect(await works(secretIn(version))).toBe(true);
  clock.now += day;
  await rotate();
  expect(await secrets()).toHaveLength(3);
});

test('a client that is full of secrets that people have added is not rotated', async () => {
  const { step, begin, registry, client_id, clock, secrets } = await aRotation();
  for (let time = 0; time < 3; time += 1) {
    const { client_secret: _, ...secret } = newSecret(clock.now);
    await changeClient(registry, client_id, (client) => withSecret(client, secret, clock.now));
  }
  const before = await secrets();
  const version = begin();
  await step('createSecret', version);
  await expect(step('setSecret', version)).rejects.toThrow(
    'the client billing has 5 secrets, the most that it may: revoke one first',
  );
  expect(await secrets()).toEqual(before);
});

test('a rotation that was abandoned leaves a secret that the next one ends', async () => {
  const { step, begin, rotate, keeper, works, secretIn, clock } = await aRotation();
  const abandoned = begin();
  await step('createSecret', abandoned);
  await step('setSecret', abandoned);
  keeper.remove('AWSPENDING');
  const version = await rotate();
  clock.now += day;
  expect([await works(secretIn(abandoned)), await works(secretIn(version))]).toEqual([false, true]);
});

test.for(rotationSteps)('%s of a version that is not pending any more is refused', async (name) => {
  const { step, begin, secrets, keeper } = await aRotation();
  const first = begin();
  await step('createSecret', first);
  await step('setSecret', first);
  begin();
  const before = [await secrets(), keeper.at('AWSCURRENT')];
  await expect(step(name, first)).rejects.toThrow(
    `the version ${first} of ${arn} is not AWSPENDING: another rotation has taken its place, or somebody has stopped this one`,
  );
  expect([await secrets(), keeper.at('AWSCURRENT')]).toEqual(before);
});

test.for(['setSecret', 'testSecret', 'finishSecret'] as const)(
  '%s of a version without a value is refused',
  async (name) => {
    const { step, begin } = await aRotation();
    const version = begin();
    await expect(step(name, version)).rejects.toThrow(
      `the version ${version} of ${arn} has no value with client_id and client_secret; put one there`,
    );
  },
);

test('a secret that was never set, or was revoked since, does not become current', async () => {
  const { step, begin, registry, client_id, keeper } = await aRotation();
  const version = begin();
  await step('createSecret', version);
  const id = keptSecretId(arn, version);
  const sentence = `the client billing has no secret ${id}: it was revoked, or never set`;
  await expect(step('finishSecret', version)).rejects.toThrow(sentence);
  await step('setSecret', version);
  await changeClient(registry, client_id, (client) => withoutSecret(client, id));
  await expect(step('finishSecret', version)).rejects.toThrow(sentence);
  expect(keeper.at('AWSCURRENT')).toBe('the-first');
});

test('a current secret that was revoked does not come back by a step that comes late', async () => {
  const { step, rotate, registry, client_id, works, secretIn } = await aRotation();
  const version = await rotate();
  const id = keptSecretId(arn, version);
  await changeClient(registry, client_id, (client) => withoutSecret(client, id));
  for (const name of rotationSteps) await step(name, version);
  expect(await works(secretIn(version))).toBe(false);
});

test('a disabled client gets no new secret', async () => {
  const { step, begin, registry, client_id, keeper } = await aRotation();
  await setClientDisabled(registry, client_id, true);
  const version = begin();
  await expect(step('createSecret', version)).rejects.toThrow(
    /^the client billing is disabled, and gets no new secret; .*client enable billing.* changes that$/,
  );
  expect(keeper.versions.get(version)?.value).toBeUndefined();
  await setClientDisabled(registry, client_id, false);
  for (const name of rotationSteps) await step(name, version);
  expect(keeper.at('AWSCURRENT')).toBe(version);
});

test('a deleted client is named, and does not come back', async () => {
  const { step, begin, registry, client_id } = await aRotation();
  const version = begin();
  await step('createSecret', version);
  await deleteClient(registry, client_id);
  for (const name of ['setSecret', 'testSecret', 'finishSecret'] as const) {
    await expect(step(name, version)).rejects.toThrow('there is no client billing');
  }
});

test('a client that changes to another method gets no new secret', async () => {
  const { step, begin, registry, client_id } = await aRotation();
  await changeClient(registry, client_id, (client) => ({
    ...client,
    token_endpoint_auth_method: 'private_key_jwt',
  }));
  await expect(step('createSecret', begin())).rejects.toThrow(
    'the client billing authenticates by private_key_jwt, not by a secret',
  );
});

test.for([
  ['no JSON', 'countersign_so-secret'],
  ['no object', '"countersign_so-secret"'],
  ['no client', '{"client_secret":"countersign_so-secret"}'],
])('a current value that is %s is refused without its text', async ([, text]) => {
  const { step, begin, keeper } = await aRotation();
  keeper.put('by-hand', text, 'AWSCURRENT');
  const refused = step('createSecret', begin());
  await expect(refused).rejects.toThrow('the version by-hand of');
  await expect(refused).rejects.not.toThrow('so-secret');
});

test('a secret edited by hand is replaced, where the keeper has brought one before', async () => {
  const { rotate, keeper, client_id, works, secretIn } = await aRotation();
  await rotate();
  const value = JSON.stringify({ client_id, client_secret: newClientSecret() });
  keeper.put('by-hand', value, 'AWSCURRENT');
  expect(await works(secretIn('by-hand'))).toBe(false);
  expect(await works(secretIn(await rotate()))).toBe(true);
});

test('whoever may write the value gets no secret of another client', async () => {
  const { rotate, step, begin, keeper, registry } = await aRotation();
  await createClient(registry, { client_id: 'victim', client_name: 'Victim' });
  await rotate();
  const value = JSON.stringify({ client_id: 'victim', client_secret: newClientSecret() });
  keeper.put('by-hand', value, 'AWSCURRENT');
  const sentence = `none of the secrets of the client victim has come from ${arn}, and neither is the current value there one of them`;
  await expect(step('createSecret', begin())).rejects.toThrow(sentence);
  keeper.put('pending', value, 'AWSPENDING');
  await expect(step('setSecret', 'pending')).rejects.toThrow(sentence);
});

test('a pending secret that createSecret has not made is not registered', async () => {
  const { step, keeper, client_id, secrets } = await aRotation();
  const before = await secrets();
  const weak = JSON.stringify({ client_id, client_secret: 'password' });
  keeper.put('weak', weak, 'AWSPENDING');
  await expect(step('setSecret', 'weak')).rejects.toThrow(
    `the client_secret in the version weak of ${arn} was not made by createSecret`,
  );
  keeper.put('same', keeper.versions.get('the-first')?.value, 'AWSPENDING');
  await expect(step('setSecret', 'same')).rejects.toThrow('is no new secret of the client billing');
  expect(await secrets()).toEqual(before);
});

test('when a rotation is set up but not begun, the copy of the current secret is tried out', async () => {
  const { step, keeper } = await aRotation();
  keeper.put('copy', keeper.versions.get('the-first')?.value, 'AWSPENDING');
  await expect(step('testSecret', 'copy')).resolves.toEqual({
    outcome: 'done',
    client_id: 'billing',
  });
});

test('a secret that gets no token does not become current', async () => {
  const { step, begin, rotation, keeper } = await aRotation();
  Object.assign(rotation, { tryOut: () => Promise.reject(new Error('no token')) });
  const version = begin();
  await step('createSecret', version);
  await step('setSecret', version);
  await expect(step('testSecret', version)).rejects.toThrow('no token');
  expect(keeper.at('AWSCURRENT')).toBe('the-first');
});

test('where the answer to the move of AWSCURRENT is lost, the older secrets get their end', async () => {
  const { step, begin, rotation, works, client_secret, clock } = await aRotation();
  const { makeCurrent } = rotation.keepers;
  rotation.keepers.makeCurrent = async (...change) => {
    await makeCurrent(...change);
    await makeCurrent(...change);
  };
  const version = begin();
  for (const name of rotationSteps) await step(name, version);
  clock.now += day;
  expect(await works(client_secret)).toBe(false);
});

test('where AWSCURRENT cannot be moved, the step fails', async () => {
  const { step, begin, rotation, works, client_secret, clock } = await aRotation();
  rotation.keepers.makeCurrent = () => Promise.reject(new Error('ThrottlingException'));
  const version = begin();
  for (const name of rotationSteps.slice(0, 3)) await step(name, version);
  await expect(step('finishSecret', version)).rejects.toThrow('ThrottlingException');
  clock.now += day;
  expect(await works(client_secret)).toBe(true);
});

test('a registry that is throttled fails the step, which can be run again', async () => {
  const { step, begin, registry, keeper } = await aRotation();
  const version = begin();
  await step('createSecret', version);
  const { change } = registry.store;
  registry.store.change = () => Promise.reject(new Error('ProvisionedThroughputExceededException'));
  await expect(step('setSecret', version)).rejects.toThrow('ProvisionedThroughputExceeded');
  registry.store.change = change;
  for (const name of rotationSteps.slice(1)) await step(name, version);
  expect(keeper.at('AWSCURRENT')).toBe(version);
});
