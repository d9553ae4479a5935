import { describe, expect, test } from 'vitest';
import { client_secret, postingClient } from '../support/token-endpoint.ts';
import { breakages } from './doctor-breakages.ts';
import { metadata } from './doctor-broken-answers.ts';
import { breakableDeployment, faultsOf } from './doctor-deployment.ts';

/** `countersign doctor`: each thing that can be wrong with a deployment is found, and no other. */

const deployment = await breakableDeployment();

test('a sound deployment has no fault', async () => {
  const findings = await deployment.examine((answer) => answer);
  expect(faultsOf(findings)).toEqual([]);
  expect(findings.filter(({ status }) => status === 'ok')).toHaveLength(13);
});

describe('is found, with what to do about it:', () => {
  test.for(breakages)('%s', async ([, broken, ...expected]) => {
    const findings = await deployment.examine(broken);
    expect(faultsOf(findings)).toEqual(
      expected.map(([check, status, what, remedy]) => ({
        check,
        section: expect.stringMatching(/^((RFC \d+|Fetch) §|docs\/revocation\.md$)/),
        status,
        what: expect.stringMatching(what),
        remedy: expect.stringMatching(remedy),
      })),
    );
  });
});

test('L08: a deployment that takes no client secret is at no fault, and no token is got', async () => {
  const broken = metadata({ token_endpoint_auth_methods_supported: ['private_key_jwt'] });
  const findings = await deployment.examine(broken);
  expect(faultsOf(findings)).toEqual([]);
  const missed = findings.filter(({ what }) =>
    /^The metadata have no client_secret_basic and no client_secret_post/.test(what),
  );
  expect(missed).toMatchObject([{ check: 'token', status: 'not checked' }]);
});

test('a deployment that announces client_secret_post alone gets the secret in the body', async () => {
  const broken = metadata({ token_endpoint_auth_methods_supported: ['client_secret_post'] });
  const client = async () => ({ client_id: postingClient, client_secret });
  const findings = await deployment.examine(broken, { client });
  expect(faultsOf(findings)).toEqual([]);
  expect(findings.filter(({ check }) => check === 'token')).toMatchObject([{ status: 'ok' }]);
});
