import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ambiguousArns } from '../../functions/authorizer/ambiguous-paths.ts';
import { accessDecision } from '../../functions/authorizer/decision.ts';
import { accessPolicy, requestPolicy } from '../../functions/authorizer/policy.ts';
import { conflictingRoutes, parseRoutes, type Routes } from '../../functions/authorizer/routes.ts';
import { chosenRoute, evaluate, stageArn } from '../support/rest-authorizer.ts';
import { events } from './events.ts';
import { testAuthorizer } from './test-authorizer.ts';

const outcomes = ['refused', 'failed'];
const refusals = /^(Unauthorized|the authorizer cannot decide now)$/;

const format = fc.constantFrom(...Object.values(events));
const eventMembers = fc.constantFrom(
  'version',
  'type',
  'routeKey',
  'headers',
  'multiValueHeaders',
  'methodArn',
  'resource',
  'httpMethod',
  'authorizationToken',
  'queryStringParameters',
  'multiValueQueryStringParameters',
  'rawQueryString',
  'requestContext',
);

describe('no event whatsoever', () => {
  test('I14: nothing is let in by an event that carries no token of the issuer', async () => {
    const { handler, log, issuer } = await testAuthorizer();
    const anything = fc.oneof(
      fc.anything(),
      fc.jsonValue(),
      fc.tuple(format, fc.string()).map(([event, text]) => event(text)),
      fc.tuple(format, fc.string()).map(([event, text]) => event(`Bearer ${text}`)),
      fc
        .tuple(format, fc.base64String(), fc.base64String())
        .map(([event, one, other]) => event(`Bearer ${one}.${other}.${one}`)),
      fc
        .tuple(format, fc.jsonValue(), fc.jsonValue())
        .map(([event, header, claims]) => event(`Bearer ${jws(header, claims)}`)),
      fc
        .tuple(format, eventMembers, fc.anything())
        .map(([event, member, value]) => event('Bearer x.y.z', { [member]: value })),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (event) => {
        log.length = 0;
        await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
        expect(log).toMatchObject([{ outcome: 'refused' }]);
      }),
      { numRuns: 1000 },
    );
    expect(issuer.requests.length).toBeLessThanOrEqual(2);
  });

  test('I14: a good token in an event with one member gone wrong is never more than it was', async () => {
    const { handler, bearer, log } = await testAuthorizer({
      routes: { 'POST /orders': ['write'] },
    });
    const authorization = await bearer();
    await fc.assert(
      fc.asyncProperty(format, eventMembers, fc.anything(), async (event, member, value) => {
        log.length = 0;
        const answered = await handler(event(authorization, { [member]: value })).catch(
          (error: Error) => error,
        );
        if (answered instanceof Error) expect(answered.message).toMatch(refusals);
        if ('isAuthorized' in answered) expect(answered.isAuthorized).toBe(false);
        if ('policyDocument' in answered) {
          expect(answered.policyDocument.Statement.map(({ Effect }) => Effect)).toEqual(['Deny']);
        }
        expect(log).toHaveLength(1);
        expect(['denied', 'policy', ...outcomes]).toContain(log[0]?.outcome);
        expect(JSON.stringify(log)).not.toContain(authorization.slice(7));
      }),
      { numRuns: 1000 },
    );
  });

  test('I06: no change of one character in a token is accepted', async () => {
    const { handler, bearer } = await testAuthorizer();
    const authorization = await bearer();
    const position = fc.oneof(
      fc.integer({ min: 7, max: authorization.length - 1 }),
      // It has bits that base64url does not use.
      fc.constant(authorization.length - 1),
    );
    const letter = fc.constantFrom(...'ABCXYZabcxyz0189-_.~+/');
    await fc.assert(
      fc.asyncProperty(format, position, letter, async (event, at, other) => {
        fc.pre(authorization[at] !== other);
        const changed = authorization.slice(0, at) + other + authorization.slice(at + 1);
        await expect(handler(event(changed))).rejects.toThrow(/^Unauthorized$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('random tables of routes', () => {
  const scopes = ['s', 't', 'u'];
  const scope = fc.subarray(scopes);
  const segment = fc.constantFrom('a', 'b', '{x}');
  const path = fc
    .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
    .map(([segments, endless]) => `/${[...segments, ...(endless ? ['{proxy+}'] : [])].join('/')}`);
  const routeKey = fc
    .tuple(fc.constantFrom('GET', 'POST', 'ANY'), path)
    .map((parts) => parts.join(' '));
  const table = fc.tuple(
    fc.uniqueArray(fc.tuple(routeKey, scope), {
      selector: ([key]) => key,
      minLength: 1,
      maxLength: 6,
    }),
    fc.option(scope, { nil: undefined }),
  );
  const call = fc.tuple(
    fc.constantFrom('GET', 'POST', 'PUT'),
    fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 })
      .map((segments) => `/${segments.join('/')}`),
  );

  const calls = fc.array(call, { minLength: 10, maxLength: 30 });

  test('I16: without a conflict, one policy for all routes and one for each request decide alike', () => {
    let compared = 0;
    const property = fc.property(table, scope, calls, ([rows, fallback], has, requests) => {
      const verdicts = requests.map(verdict(withoutConflicts(rows, fallback), new Set(has)));
      const listed = verdicts.filter(({ route }) => route !== undefined);
      for (const one of listed) {
        expect(one).toEqual({ ...one, kept: one.fresh, single: one.fresh });
      }
      compared += listed.length;
    });
    fc.assert(property, { numRuns: 2000 });
    expect(compared).toBeGreaterThan(1000);
  });

  test('I16: with or without a conflict, nothing is let in without the scope of its route', () => {
    let denied = 0;
    const property = fc.property(table, scope, calls, ([rows, fallback], has, requests) => {
      const routes = routesOf(rows, fallback);
      const refused = requests
        .map(verdict(routes, new Set(has)))
        .filter(({ route, fresh }) => !fresh && (route !== undefined || routes.has('$default')));
      for (const one of refused) expect(one).toEqual({ ...one, kept: false, single: false });
      denied += refused.length;
    });
    fc.assert(property, { numRuns: 1000 });
    expect(denied).toBeGreaterThan(1000);
  });

  // What the policy of the token says, and what a decision for the route of this request says.
  const verdict = (routes: Routes, has: ReadonlySet<string>) => {
    const denied = ambiguousArns(stageArn);
    const policy = accessPolicy({ stageArn, scope: has, routes, denied });
    const decide = accessDecision({ routes, basePath: '' });
    const keys = [...routes.keys()].filter((key) => key !== '$default');
    return ([method, requested]: readonly [string, string]) => {
      const route = chosenRoute(keys, method, requested);
      const paths = [requested];
      const asked = {
        key: route ?? '$default',
        method,
        paths,
        prefixes: [],
        mayHaveBasePath: false,
      };
      const methodArn = `${stageArn}/${method}${requested}`;
      const fresh = decide(asked, has).outcome === 'allowed';
      return {
        route,
        methodArn,
        kept: evaluate(policy, methodArn),
        single: evaluate(requestPolicy(methodArn, fresh), methodArn),
        fresh,
      };
    };
  };

  function routesOf(rows: readonly [string, string[]][], fallback: string[] | undefined): Routes {
    const all = fallback === undefined ? rows : [...rows, ['$default', fallback]];
    return parseRoutes(JSON.stringify(Object.fromEntries(all)));
  }

  // Leaves out one route of a conflict until there is none, so that few tables are thrown away.
  function withoutConflicts(
    rows: readonly [string, string[]][],
    fallback: string[] | undefined,
  ): Routes {
    const routes = routesOf(rows, fallback);
    const [conflict] = conflictingRoutes(routes);
    if (conflict === undefined) return routes;
    return withoutConflicts(
      rows.filter(([key]) => key !== conflict.route),
      fallback,
    );
  }
});

function jws(header: unknown, claims: unknown): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url');
  return `${encode(header)}.${encode(claims)}.${encode('signature')}`;
}
