import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { retention } from '../../functions/oauth/key-times.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { deny } from './denied-calls.ts';
import { settings, testDeployment } from './test-deployment.ts';

/** What CloudFormation would get. */
const received: { readonly method?: string; readonly type?: string; readonly body: unknown }[] = [];
const statuses: number[] = [];
const server = createServer(async (request, response) => {
  const { method = '', headers } = request;
  const body = JSON.parse(await text(request));
  received.push({ method, type: headers['content-type'] ?? '', body });
  response.writeHead(statuses.shift() ?? 200).end();
});
const ResponseURL = `http://127.0.0.1:${await listen(server)}/answer?signature=secret`;
afterAll(() => close(server));

const request = (RequestType: string) => ({
  RequestType,
  ResponseURL,
  StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Countersign/guid',
  RequestId: 'a-request',
  ResourceType: 'Custom::CountersignKeyRing',
  LogicalResourceId: 'KeyRing',
  ResourceProperties: { ServiceToken: 'arn', SigningAlgorithm: 'RS256' },
});

const identity = {
  StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Countersign/guid',
  RequestId: 'a-request',
  LogicalResourceId: 'KeyRing',
  PhysicalResourceId: 'registry',
};

describe('what CloudFormation asks for', () => {
  test('Create ends with an active key, and says so by PUT without a content type', async () => {
    const { handler, states, measured } = await testDeployment();
    await handler(request('Create'));
    expect(await states()).toEqual(['active']);
    expect(received.at(-1)).toEqual({
      method: 'PUT',
      type: '',
      body: { ...identity, Status: 'SUCCESS' },
    });
    expect(measured).toEqual([0]);
  });

  test('Create again, as after a roll-back, changes nothing', async () => {
    const { handler, keyRing } = await testDeployment();
    await handler(request('Create'));
    const ring = await keyRing.load();
    await handler(request('Create'));
    expect(await keyRing.load()).toEqual(ring);
  });

  test('Update with another algorithm starts the change', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    await deployment.with({ alg: 'PS256' }).handler(request('Update'));
    expect((await deployment.keys()).map(({ alg, state }) => [alg, state])).toEqual([
      ['RS256', 'active'],
      ['PS256', 'pending'],
    ]);
  });

  test('a change of family whose key cannot be made has failed, and rolls back to the old one', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    const changed = deployment.with({ alg: 'ES256' });
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (args) =>
          commandName === 'CreateKeyCommand' ? Promise.reject(new Error('denied')) : next(args),
      { step: 'initialize' },
    );
    await changed.handler(request('Update'));
    expect(received.at(-1)?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'There is no active signing key: Error: denied',
    });
    await deployment.handler(request('Update'));
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect((await deployment.keys()).map(({ alg, state }) => [alg, state])).toEqual([
      ['RS256', 'active'],
    ]);
  });

  test('an update that is rolled back leaves the key that signs', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    await deployment.with({ alg: 'PS256' }).handler(request('Update'));
    await deployment.handler(request('Update'));
    expect((await deployment.keys()).map(({ alg, state }) => [alg, state])).toEqual([
      ['RS256', 'active'],
      ['PS256', 'removed'],
    ]);
  });

  test('Update to another table is no other resource, of which CloudFormation would delete the old one', async () => {
    const { handler } = await testDeployment();
    await handler({ ...request('Update'), PhysicalResourceId: 'the-table-before' });
    expect(received.at(-1)?.body).toEqual({
      ...identity,
      PhysicalResourceId: 'the-table-before',
      Status: 'SUCCESS',
    });
  });

  test('Create on the ring of another deployment fails where it may not put the policies of its keys', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    deny(deployment, 'PutKeyPolicyCommand');
    const tokenRole = 'arn:aws:iam::111122223333:role/new-token';
    await deployment.with({ alg: 'RS256', tokenRole }).handler(request('Create'));
    expect(received.at(-1)?.body).toMatchObject({
      Status: 'FAILED',
      Reason: 'There is no active signing key: AccessDeniedException: denied',
    });
  });

  test('Delete changes nothing: what was signed stays verifiable', async () => {
    const { handler, keyRing, kmsStates } = await testDeployment();
    await handler(request('Create'));
    const ring = await keyRing.load();
    await handler({ ...request('Delete'), PhysicalResourceId: 'registry' });
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect(await keyRing.load()).toEqual(ring);
    expect(await kmsStates()).toEqual(['Enabled']);
  });

  test('without a key it has failed, and says why', async () => {
    const { handler, services, audited } = await testDeployment();
    services.kms.middlewareStack.add(
      () => () =>
        Promise.reject(Object.assign(new Error('too many keys'), { name: 'LimitExceeded' })),
      { step: 'initialize' },
    );
    await handler(request('Create'));
    expect(received.at(-1)?.body).toEqual({
      ...identity,
      Status: 'FAILED',
      Reason: 'There is no active signing key: LimitExceeded: too many keys',
    });
    expect(JSON.stringify(audited)).not.toContain('signature=secret');
  });

  test('a permission that does not count yet is waited for, for 40 seconds', async () => {
    const { handler, services, states, clock } = await testDeployment();
    const countsFrom = clock.now + 40;
    services.kms.middlewareStack.add(
      (next) => (input) =>
        clock.now < countsFrom ? Promise.reject(new Error('not authorized')) : next(input),
      { step: 'initialize' },
    );
    await handler(request('Create'));
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect(await states()).toEqual(['active']);
    expect(clock.now).toBe(countsFrom);
  });

  test('with a key it has succeeded, though the change must wait for KMS', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    deployment.services.kms.middlewareStack.add(() => () => Promise.reject(new Error('busy')), {
      step: 'initialize',
    });
    const changed = deployment.with({ alg: 'PS256' });
    await changed.handler(request('Update'));
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect(changed.audited).toContainEqual({
      outcome: 'failed',
      command: 'deploy',
      reason: 'Error: busy',
    });
  });

  test('with a key whose policy does not let the new role sign it has failed', async () => {
    const deployment = await testDeployment();
    await deployment.handler(request('Create'));
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'PutKeyPolicyCommand'
            ? Promise.reject(new Error('not authorized'))
            : next(input),
      { step: 'initialize' },
    );
    const tokenRole = 'arn:aws:iam::111122223333:role/another';
    await deployment.with({ tokenRole }).handler(request('Update'));
    expect(received.at(-1)?.body).toEqual({
      ...identity,
      Status: 'FAILED',
      Reason: 'There is no active signing key: Error: not authorized',
    });
  });

  test('with a key that lets all sign who are to, and others of a release that is rolled back, it has succeeded', async () => {
    const tokenRole = `${settings.tokenRole} arn:aws:iam::111122223333:role/another`;
    const deployment = await testDeployment({ settings: { ...settings, tokenRole } });
    await deployment.handler(request('Create'));
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'PutKeyPolicyCommand' ? Promise.reject(new Error('busy')) : next(input),
      { step: 'initialize' },
    );
    await deployment.with({ tokenRole: settings.tokenRole }).handler(request('Update'));
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect(await deployment.keys()).toMatchObject([{ state: 'active', token_role: tokenRole }]);
  });

  test('with a key that KMS does not delete it has succeeded, and the new role may sign', async () => {
    const deployment = await testDeployment({ settings: { ...settings, alg: 'ES256' } });
    await deployment.handler(request('Create'));
    await deployment.done({ command: 'rotate', now: true });
    deployment.clock.now += retention;
    deployment.services.kms.middlewareStack.add(
      (next, { commandName }) =>
        (input) =>
          commandName === 'ScheduleKeyDeletionCommand'
            ? Promise.reject(new Error('denied'))
            : next(input),
      { step: 'initialize' },
    );
    const tokenRole = 'arn:aws:iam::111122223333:role/another';
    await deployment.with({ alg: 'ES256', tokenRole }).handler(request('Update'));
    expect(received.at(-1)?.body).toEqual({ ...identity, Status: 'SUCCESS' });
    expect((await deployment.keys())[1]).toMatchObject({ state: 'active', token_role: tokenRole });
  });

  test('an answer that is not taken is given again, three times in all', async () => {
    const { handler } = await testDeployment();
    statuses.push(503, 503);
    const before = received.length;
    await handler(request('Create'));
    expect(received.length - before).toBe(3);
    statuses.push(403, 403, 403);
    await expect(handler(request('Create'))).rejects.toThrow('could not be delivered');
    const nobody = { ...request('Create'), ResponseURL: 'http://127.0.0.1:1/' };
    await expect(handler(nobody)).rejects.toThrow('could not be delivered');
  });
});
