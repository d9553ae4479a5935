import { expect, test } from 'vitest';
import { apis, functions, inventory } from './account.ts';
import { cdk, deploy } from './cdk.ts';
import { demo, outputs, physicalIds, product, resources, stackNames } from './deployed-stack.ts';
import type { Deployment } from './deployment.ts';

/** From an empty account to both stacks. */
export function firstDeployment(deployment: Deployment): void {
  test('cdk bootstrap prepares the account', async () => {
    expect(await cdk('bootstrap')).toContain('bootstrapped');
    expect(await stackNames()).toEqual(['CDKToolkit']);
  });

  test('cdk deploy makes the product alone, and the issuer is the URL of its API', async () => {
    await deploy();
    expect(await stackNames()).toEqual(['CDKToolkit', product]);
    const [api, ...others] = await apis();
    expect(others).toEqual([]);
    expect(await outputs(product)).toMatchObject({
      Issuer: api?.apiEndpoint,
      TokenEndpoint: `${api?.apiEndpoint}/token`,
    });
  });

  test('cdk deploy Demo/* adds an API that trusts the issuer of the product', async () => {
    await deploy('Demo/*');
    const { Issuer } = await outputs(product);
    const { DemoApiUrl } = await outputs(demo);
    const variables = await authorizerVariables();
    expect(variables).toMatchObject({ ISSUER: Issuer, AUDIENCE: DemoApiUrl });
  });

  test('another issuer is refused, and the old one stays, unless it is said twice', async () => {
    const { Issuer = '' } = await outputs(product);
    const issuer = `issuer=${deployment.issuer}`;
    await expect(deployment.deployProduct(issuer)).rejects.toThrow(
      `or set replacesIssuer to ${Issuer} as well`,
    );
    expect(await outputs(product)).toMatchObject({ Issuer });
    expect(await variablesOf(product, 'AuthorizationServerTokenFunction')).toMatchObject({
      ISSUER: Issuer,
    });
    await deployment.deployProduct(issuer, `replacesIssuer=${Issuer}`);
    expect(await outputs(product)).toMatchObject({ Issuer: deployment.issuer });
  });

  test('an issuer and an audience that are set take the place of the URLs', async () => {
    await deployment.deploy();
    const { issuer, api } = deployment;
    expect(await outputs(product)).toMatchObject({
      Issuer: issuer,
      TokenEndpoint: `${issuer}/token`,
    });
    expect(await outputs(demo)).toEqual({ DemoApiUrl: api });
    expect(await authorizerVariables()).toMatchObject({ ISSUER: issuer, AUDIENCE: api });
  });

  test('deploying the same again changes nothing', async () => {
    const before = await everything();
    const printed = await deployment.deploy();
    expect(printed.match(/\(no changes\)$/gm)).toHaveLength(2);
    expect(await everything()).toEqual(before);
  });
}

const authorizerVariables = () => variablesOf(demo, 'Authorizer');

async function variablesOf(
  stack: string,
  logicalId: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const [name] = await physicalIds(stack, 'AWS::Lambda::Function', logicalId);
  return (await functions()).find(({ FunctionName }) => FunctionName === name)?.Environment
    .Variables;
}

/** The names, ids, code and settings of all that is deployed. */
async function everything() {
  const code = (await functions()).map(({ CodeSha256, RevisionId }) => [CodeSha256, RevisionId]);
  return [await inventory(), code, await resources(product), await resources(demo)];
}
