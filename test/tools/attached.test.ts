import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endpoint } from '../deploy/emulator.ts';
import { type Attached, callThrough, preflight } from './deployed/attached.ts';
import { applyTerraform, deploySam, deployTemplate, readTemplate } from './deployed/deploying.ts';
import { openStand, type Stand } from './deployed/stand.ts';
import { sam } from './installation/sam.ts';
import { terraform } from './installation/terraform.ts';
import { isLeftOut } from './snippets/running.ts';

/** The snippets that are deployed, in an emulator: a real issuer, a real authorizer, and calls through it. */

const minutes = 60_000;
let stand: Stand;
beforeAll(async () => {
  stand = await openStand();
}, 5 * minutes);
afterAll(() => stand[Symbol.asyncDispose]());

// Not for REST APIs: the emulator knows no context among their identity sources, and would refuse all.
const ResultTtl = '60';
const arns = () => ({
  AuthorizerFunctionArn: stand.authorizerFunctionArn,
  BackendFunctionArn: stand.backendFunctionArn,
});

/** Deploys an API, and calls it. */
function attached(
  kind: Attached['kind'],
  deploy: () => Promise<string>,
  { isImported = false } = {},
): () => Attached {
  let apiId: string;
  beforeAll(async () => {
    apiId = await deploy();
  }, 5 * minutes);
  const api = () => ({ kind, isImported, apiId });
  callThrough(() => stand, api);
  return api;
}

describe('plain CloudFormation, HTTP API', () => {
  // Without a preflight: the emulator does not heed the CORS settings of a stack's HTTP API.
  attached('HTTP', async () => {
    const template = await readTemplate('http-api.yaml');
    return deployTemplate('plain-http', template, { ...arns(), ResultTtl });
  });

  test('without the context among the identity sources a cached answer would count for another route', async () => {
    const template = await readTemplate('http-api.yaml');
    const careless = template.replaceAll(/^ *- \$context\..*\n/gm, '');
    expect(careless).not.toBe(template);
    const apiId = await deployTemplate('careless-http', careless, { ...arns(), ResultTtl });
    const headers = { authorization: `Bearer ${await stand.token('orders:read')}` };
    const url = `${endpoint}/_aws/execute-api/${apiId}/$default/orders`;
    expect((await fetch(url, { headers })).status).toBe(200);
    expect((await fetch(url, { method: 'POST', headers })).status).toBe(200);
  });
});

describe('plain CloudFormation, REST API', () => {
  preflight(
    attached('REST', async () => {
      const template = await readTemplate('rest-api.yaml');
      const parameters = { ...arns(), Audience: stand.audience };
      return deployTemplate('plain-rest', template, parameters);
    }),
  );
});

describe.skipIf(isLeftOut(sam))('SAM, REST API', () => {
  const deploy = () => {
    const { AuthorizerFunctionArn } = arns();
    const parameters = { AuthorizerFunctionArn, Audience: stand.audience };
    return deploySam('sam-rest', 'rest-api.yaml', parameters);
  };
  preflight(attached('REST', deploy, { isImported: true }));
});

describe.skipIf(isLeftOut(terraform))('Terraform', () => {
  const variables = () => ({
    authorizer_function_arn: stand.authorizerFunctionArn,
    backend_function_arn: stand.backendFunctionArn,
  });

  describe('HTTP API', () => {
    preflight(
      attached('HTTP', () => applyTerraform('http-api', { ...variables(), result_ttl: ResultTtl })),
    );
  });

  describe('REST API', () => {
    attached('REST', () =>
      applyTerraform('rest-api', { ...variables(), audience: stand.audience }),
    );
  });
});
