import { accessTokenGuard, type GuardMiddleware, guard } from 'countersign/guard';
import { type TestIssuer, testIssuer } from 'countersign/testing';

// What the function of an owner's API and its tests import; without its environment a guard cannot be made.

export const makers: {
  readonly guard: typeof guard;
  readonly accessTokenGuard: () => GuardMiddleware;
} = { guard, accessTokenGuard };

async function parts(issuer: TestIssuer): Promise<number> {
  const token = await issuer.token({ scope: 'read' });
  return token.split('.').length;
}

testIssuer()
  .then(parts)
  .then((count) => process.stdout.write(`${Object.keys(makers)} ${count}\n`));
