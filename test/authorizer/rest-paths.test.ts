import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ambiguousArns, isAmbiguous } from '../../functions/authorizer/ambiguous-paths.ts';
import { accessPolicy, coveringArn, exactArn } from '../../functions/authorizer/policy.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import { chosenRoute, evaluate, restApi, stageArn } from '../support/rest-authorizer.ts';
import { restEvent, tokenEvent } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const routes = {
  'GET /{proxy+}': ['read'],
  'GET /admin/{proxy+}': ['read', 'admin'],
  'GET /orders/{id}': ['read'],
};

/** The event of a REQUEST authorizer for a path, as API Gateway gives it to a resource. */
const requestOf = (authorization: string, path: string, resource: string) =>
  restEvent(authorization, { methodArn: `${stageArn}/GET${path}`, path, resource });

/** Whether the policy of an answer lets a request through. */
const allows = (answer: unknown, arn: string) =>
  evaluate((answer as { policyDocument: Parameters<typeof evaluate>[0] }).policyDocument, arn);

/** Paths below /admin, to some servers. */
const disguised = [
  '/adm%69n/x',
  '/adm%6An/../%61dmin/x',
  '/%61%64%6d%69%6e/x',
  '/adm%2569n/x',
  '/admin%2Fx',
  '/admin%2fx',
  '/admin%5Cx',
  '//admin/x',
  '/admin//x',
  '/./admin/x',
  '/x/../admin/x',
  '/x/%2e%2e/admin/x',
  '/x/..;/admin/x',
  '/admin;a=b/x',
  '/;/admin/x',
  '/x\\..\\admin\\x',
  '/admin/x/',
  '/admin/x/.',
  '/admin/x/..%2Fy',
];

describe('a request that is denied, is denied by its policy', () => {
  test.for([
    ...disguised,
    '/admin/x',
    '/ADMIN/x',
    '/*',
    '/adm*/x',
    '/adm?n/x',
    `/$${'{aws:username}'}/x`,
    `/$${'{*}'}/x`,
    `/$${'{}'}/x`,
    '/*'.repeat(1000),
    '/$%7Ba%7D/x',
    '/${',
    `/adm%69n/${'x'.repeat(9000)}`,
    `/${'${'.repeat(1000)}`,
  ])('I16: REQUEST: %s below /admin, under its resource', async (path) => {
    const { handler, bearer, log } = await testAuthorizer({ routes });
    const answer = await handler(requestOf(await bearer(), path, '/admin/{proxy+}'));
    expect(log).toMatchObject([{ outcome: 'denied' }]);
    expect(allows(answer, `${stageArn}/GET${path}`)).toBe(false);
  });

  test.for(disguised)('I16: REQUEST: %s under a broader resource', async (path) => {
    const { handler, bearer, log } = await testAuthorizer({ routes });
    const answer = await handler(requestOf(await bearer(), path, '/{proxy+}'));
    expect(log).toMatchObject([{ outcome: 'denied' }]);
    expect(allows(answer, `${stageArn}/GET${path}`)).toBe(false);
    const scope = { claims: { scope: 'read admin' } };
    await handler(requestOf(await bearer(scope), path, '/{proxy+}'));
    expect(log.at(-1)).toMatchObject({ outcome: 'allowed' });
  });

  test.for(['/orders/a%20b', '/orders/a%40b', '/caf%C3%A9', '/orders/v1.2', '/orders/a;b'])(
    'I16: REQUEST: %s is what it is, and let in',
    async (path) => {
      const { handler, bearer } = await testAuthorizer({ routes });
      const resource = path.startsWith('/orders/') ? '/orders/{id}' : '/{proxy+}';
      const answer = await handler(requestOf(await bearer(), path, resource));
      expect(allows(answer, `${stageArn}/GET${path}`)).toBe(true);
    },
  );

  test('I16: REQUEST: a resource that is not listed is denied with its request', async () => {
    const { handler, bearer } = await testAuthorizer({ routes });
    const answer = await handler(requestOf(await bearer(), '/orders/7/x', '/orders/{id}/x'));
    expect(allows(answer, `${stageArn}/GET/orders/7/x`)).toBe(false);
    expect(allows(answer, `${stageArn}/GET/orders/8/x`)).toBe(false);
  });

  const path = fc.string({
    unit: fc.constantFrom('*', '?', '${', '{', '}', '$', 'a', '/', '%'),
    maxLength: 700,
  });
  const arnOf = (text: string) => `${stageArn}/GET/${text}`;
  const allowing = (pattern: string) => ({
    Statement: [{ Effect: 'Allow', Resource: [pattern] } as const],
  });

  test.for([exactArn, coveringArn])(
    'I16: any ARN at all is covered by its pattern',
    (patternOf) => {
      const property = fc.property(path, (text) => {
        expect(evaluate(allowing(patternOf(arnOf(text))), arnOf(text))).toBe(true);
      });
      fc.assert(property, { numRuns: 2000 });
    },
  );

  test('I16: an answer that lets a request in names no ARN of another length, and no variable', () => {
    const property = fc.property(path, path, (text, other) => {
      const pattern = exactArn(arnOf(text));
      expect(pattern).not.toMatch(/\*|\$\{/);
      fc.pre(text.length !== other.length);
      expect(evaluate(allowing(pattern), arnOf(other))).toBe(false);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('I16: REQUEST: what is let in is this request alone', async () => {
    const { handler, bearer } = await testAuthorizer({ routes });
    const answer = await handler(requestOf(await bearer(), '/orders/*', '/orders/{id}'));
    expect(allows(answer, `${stageArn}/GET/orders/*`)).toBe(true);
    for (const other of ['GET/orders/77', 'GET/orders/7/x', 'GET/admin/x', 'POST/orders/*']) {
      expect(allows(answer, `${stageArn}/${other}`)).toBe(false);
    }
  });
});

describe('TOKEN: a path that may be read in several ways', () => {
  test.for(disguised)('I16: %s is denied, by a kept policy and by a fresh one', async (path) => {
    const { handler, bearer, clock, log } = await testAuthorizer({ routes });
    const methods = [...Object.keys(routes)];
    const rest = restApi({ methods, type: 'TOKEN', handler, ttl: 60, now: () => clock.now });
    const Authorization = await bearer();
    expect(await rest.call('GET', '/orders/7', { Authorization })).toMatchObject({ status: 200 });
    expect(await rest.call('GET', path, { Authorization })).toMatchObject({ status: 403 });
    expect(rest.invocations()).toBe(1);
    clock.now += 60;
    expect(await rest.call('GET', path, { Authorization })).toMatchObject({ status: 403 });
    expect(await rest.call('GET', '/orders/7', { Authorization })).toMatchObject({ status: 200 });
    expect(rest.invocations()).toBe(2);
    expect(log.at(-1)).toMatchObject({
      outcome: 'denied',
      reason: 'the path may be read in several ways',
    });
  });

  test('I16: what is denied as such, and what a policy denies as such, are the same', () => {
    const allowed = { Effect: 'Allow', Resource: [`${stageArn}/*`] } as const;
    const denied = { Effect: 'Deny', Resource: ambiguousArns(stageArn) } as const;
    const path = fc.string({ unit: fc.constantFrom(...'/.%;\\a'), maxLength: 8 });
    const property = fc.property(path, (rest) => {
      const kept = evaluate({ Statement: [allowed, denied] }, `${stageArn}/GET/${rest}`);
      expect(kept).toBe(!isAmbiguous(`/${rest}`));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  test('I16: the log of a plain one says that the policy decides', async () => {
    const { handler, bearer, log } = await testAuthorizer({ routes });
    await handler(tokenEvent(await bearer()));
    expect(log).toMatchObject([{ outcome: 'policy' }]);
  });

  test('I16: no way to write a path has a policy let in who lacks the scope of its route', () => {
    const scope = fc.subarray(['s', 't', 'u']);
    const segment = fc.constantFrom('a', 'b', '{x}');
    const routePath = fc
      .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
      .map(([all, endless]) => `/${[...all, ...(endless ? ['{proxy+}'] : [])].join('/')}`);
    const key = routePath.map((path) => `GET ${path}`);
    const table = fc.uniqueArray(fc.tuple(key, scope), {
      selector: ([name]) => name,
      minLength: 1,
    });
    const write = fc.constantFrom<(plain: string) => string>(
      (plain) => plain.replaceAll('a', '%61'),
      (plain) => plain.replaceAll('b', '%2562'),
      (plain) => plain.replaceAll('/', '//'),
      (plain) => `/x/..${plain}`,
      (plain) => plain.replaceAll('/', '/./'),
      (plain) => plain.replace(/(?<=[a-c])(?=\/|$)/g, ';v=1'),
      (plain) => plain,
    );
    const requested = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 });
    let letIn = 0;
    const property = fc.property(table, scope, requested, write, (rows, has, all, disguise) => {
      const listed = parseRoutes(JSON.stringify(Object.fromEntries(rows)));
      const plain = `/${all.join('/')}`;
      const denied = ambiguousArns(stageArn);
      const policy = accessPolicy({ stageArn, scope: new Set(has), routes: listed, denied });
      if (!evaluate(policy, `${stageArn}/GET${disguise(plain)}`)) return;
      letIn += 1;
      const best = chosenRoute([...listed.keys()], 'GET', plain);
      expect(best === undefined || listed.get(best)?.isSubsetOf(new Set(has))).toBe(true);
    });
    fc.assert(property, { numRuns: 5000 });
    expect(letIn).toBeGreaterThan(200);
  });
});
