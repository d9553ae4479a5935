import { check, checkSame } from '../conformance-case.ts';

/**
 * Checks that a scope has these scope-tokens and no others; their order does not matter
 * (RFC 6749 §3.3).
 * @throws Nonconformity
 */
export function checkScope(what: string, scope: unknown, expected: string): void {
  check(typeof scope === 'string', `${what} is ${JSON.stringify(scope) ?? 'missing'}`);
  checkSame(what, inOrder(scope), inOrder(expected));
}

const inOrder = (scope: string): string => scope.split(' ').sort().join(' ');
