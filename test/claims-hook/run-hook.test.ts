import { describe, expect, test, vi } from 'vitest';
import type { ClaimsHook, HookArguments } from '../../functions/claims-hook/hook.ts';
import { loadHook } from '../../functions/claims-hook/index.ts';
import { runHook } from '../../functions/claims-hook/run-hook.ts';
import { aClient, aResourceServer } from '../support/a-client.ts';

const about: HookArguments = {
  client: {
    client_id: 's6BhdRkqt3',
    client_name: 'Billing',
    token_endpoint_auth_method: 'client_secret_basic',
    claims: {},
  },
  request: {
    resource: 'https://api.example.com',
    scope: ['read'],
    grant_type: 'client_credentials',
  },
};

/** The cast: what a hook answers is for runHook to check. */
const outcomeOf = (hook: (...heard: Parameters<ClaimsHook>) => unknown, timeout = 1000) =>
  runHook(hook as ClaimsHook, about, timeout);

describe('claims', () => {
  const claims = { tenant: 'acme', roles: ['ops'] };

  test.for([
    ['at once', () => claims],
    ['later', async () => claims],
    ['none', () => ({})],
  ] as const)('E10: %s', async ([name, hook]) => {
    expect(await outcomeOf(hook)).toEqual({ claims: name === 'none' ? {} : claims });
  });

  test('E10: come from the client and the request', async () => {
    const hook: ClaimsHook = ({ client_id }, { scope }) => ({ [client_id]: [...scope] });
    expect(await outcomeOf(hook)).toEqual({ claims: { s6BhdRkqt3: ['read'] } });
  });

  test('E10: are what they were, whatever the hook makes of its own later', async () => {
    const own = { roles: ['ops'] };
    const outcome = await outcomeOf(() => own);
    own.roles.push('admin');
    expect(outcome).toEqual({ claims: { roles: ['ops'] } });
  });
});

describe('a refusal', () => {
  test.for([
    ['admin is for operators', 'admin is for operators'],
    ['not "you"', "not 'you'"],
    ['a\nb\\c\u0000ü', 'a?b?c?'],
    ['x'.repeat(300), 'x'.repeat(200)],
    ['', 'the client may not have this token'],
    ['  ', 'the client may not have this token'],
  ])('A19: %j is told as %j', async ([refuse = '', refused]) => {
    expect(await outcomeOf(async () => ({ refuse }))).toEqual({ refused });
  });

  test.for([
    { refuse: 1 },
    { refuse: undefined },
    { refuse: 'no', tenant: 'acme' },
    Object.create({ refuse: 1 }),
  ])('that is none fails: %j', async (answer) => {
    expect(await outcomeOf(() => answer)).toEqual({
      failed: 'the claims hook has answered wrongly: a refusal is { refuse: sentence } alone',
    });
  });
});

describe('what changes under the hands of who checks it', () => {
  const changing = (...values: readonly unknown[]) => {
    const left = values.values();
    return {
      get tenant() {
        const { value = values.at(-1) } = left.next();
        return value;
      },
    };
  };

  test.for([
    ['too long', 'x'.repeat(600), /at most 512 bytes/],
    ['no JSON', 10n, /"tenant" is not JSON/],
  ] as const)('E10: is no claim once it is %s', async ([, value, sentence]) => {
    const outcome = await outcomeOf(() => changing('a', 'a', value));
    expect(outcome).toEqual({ failed: expect.stringMatching(sentence) });
  });

  test('E10: is measured as it is, not as it says', async () => {
    const claims = { big: 'x'.repeat(600) };
    const hook = () => Object.defineProperty(claims, 'toJSON', { value: () => ({}) });
    expect(await outcomeOf(hook)).toEqual({ failed: expect.stringMatching(/at most 512 bytes/) });
  });

  test.for([
    ['an error without a class', () => Object.assign(new Error('a'), { constructor: null })],
    ['an error with a strange stack', () => Object.assign(new Error('a'), { stack: Symbol('a') })],
    [
      'what cannot be looked at',
      () => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return proxy;
      },
    ],
  ] as const)('fails as any other where it is thrown: %s', async ([, make]) => {
    const hook = () => {
      throw make();
    };
    expect(await outcomeOf(hook)).toEqual({
      failed: 'the claims hook has thrown what is no error',
    });
  });
});

describe('what fails', () => {
  test.for<readonly [unknown, string]>([
    [undefined, 'claims are an object'],
    ['acme', 'claims are an object'],
    [null, 'claims are an object'],
    [[{}], 'claims are an object'],
    [{ sub: 'secret-value' }, 'the claim "sub" has a name that standards reserve'],
    [{ scope: 'secret-value' }, 'the claim "scope" has a name that standards reserve'],
    [JSON.parse('{"__proto__": "secret-value"}'), 'the claim "__proto__" has a name that Java'],
    [{ a: undefined }, 'the claim "a" is not JSON'],
    [{ a: () => 1 }, 'the claim "a" is not JSON'],
    [{ a: 'secret-value'.repeat(100) }, 'claims are at most 512 bytes of JSON'],
  ])('E10: a wrong answer: %o', async ([answer, problem]) => {
    const outcome = await outcomeOf(() => answer);
    expect(outcome).toEqual({ failed: expect.stringContaining(problem) });
    expect(JSON.stringify(outcome)).not.toContain('secret-value');
  });

  test.for<readonly [string, () => unknown]>([
    ['at once', () => failing()],
    ['later', async () => failing()],
  ])('what is thrown %s is told by its kind and its place', async ([, hook]) => {
    const outcome = await outcomeOf(hook);
    const failed = expect.stringMatching(
      /^the claims hook has thrown TypeError at run-hook\.test\.ts:\d+:\d+$/,
    );
    expect(outcome).toEqual({ failed });
  });

  const failing = (): never => {
    throw new TypeError('secret-value\n    at secret-value');
  };

  test('an error without a stack, and what is no error, are told, too', async () => {
    const bare = Object.assign(new RangeError('secret-value'), { stack: undefined });
    expect(await outcomeOf(() => Promise.reject(bare))).toEqual({
      failed: 'the claims hook has thrown RangeError',
    });
    expect(await outcomeOf(() => Promise.reject('secret-value'))).toEqual({
      failed: 'the claims hook has thrown what is no error',
    });
  });

  test('a hook that takes too long, and fails after that', async () => {
    vi.useFakeTimers();
    try {
      let fail = (_: Error): void => undefined;
      const outcome = outcomeOf(
        () =>
          new Promise((_, reject) => {
            fail = reject;
          }),
        200,
      );
      await vi.advanceTimersByTimeAsync(200);
      expect(await outcome).toEqual({ failed: 'the claims hook has not answered in 200 ms' });
      fail(new Error('nobody hears of it'));
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a hook that is loaded', () => {
  const hearing = {
    client: aClient(),
    grant: { resourceServer: aResourceServer(), scope: new Set(['read']) },
    grant_type: 'client_credentials',
    cnf: undefined,
  } as const;

  const load = (source: string) =>
    loadHook(`data:text/javascript,${encodeURIComponent(source)}`, 1000);

  test('is its default export', async () => {
    const hook = await load('export default ({ client_id }) => ({ tenant: client_id });');
    expect(await hook(hearing)).toEqual({ claims: { tenant: 's6BhdRkqt3' } });
  });

  test.for([
    ['export const hook = () => ({});', 'Error: its default export is no function'],
    ['throw new RangeError("too far");', 'RangeError: too far'],
    ['export default (', 'SyntaxError: '],
    ['import "no-such-package";', 'TypeError: '],
  ] as const)('fails each time where it cannot be loaded: %s', async ([source, problem]) => {
    const hook = await load(source);
    const failed = expect.stringContaining(`the claims hook cannot be loaded: ${problem}`);
    expect([await hook(hearing), await hook(hearing)]).toEqual([{ failed }, { failed }]);
  });
});
