import { describe, expect, test } from 'vitest';
import { breakages } from './doctor-breakages.ts';
import { breakableDeployment, faultsOf } from './doctor-deployment.ts';

/** `countersign doctor`: each thing that can be wrong with a deployment is found, and no other. */

const deployment = await breakableDeployment();

test('a sound deployment has no fault', async () => {
  const findings = await deployment.examine((answer) => answer);
  expect(faultsOf(findings)).toEqual([]);
  expect(findings.filter(({ status }) => status === 'ok')).toHaveLength(10);
});

describe('is found, with what to do about it:', () => {
  test.for(breakages)('%s', async ([, broken, ...expected]) => {
    const findings = await deployment.examine(broken);
    expect(faultsOf(findings)).toEqual(
      expected.map(([check, status, what, remedy]) => ({
        check,
        section: expect.stringMatching(/^(RFC \d+|Fetch) §/),
        status,
        what: expect.stringMatching(what),
        remedy: expect.stringMatching(remedy),
      })),
    );
  });
});
