import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cdkApps } from './recipes/cdk.ts';
import { runWell } from './running/program.ts';
import { build } from './running/workspace.ts';

/** The CDK apps of the pages, synthesized as they are printed. AWS is not here to run them. */

const ISSUER = 'https://auth.example.com';
const AUDIENCE = 'https://api.example.com';
const folder = await mkdtemp(join(tmpdir(), 'countersign-'));
afterAll(() => rm(folder, { recursive: true }));

/** The properties of the resources of an app, by type. */
async function synthesized(app: (typeof cdkApps)[number]) {
  const outdir = join(folder, app.title);
  const environment = { ISSUER, AUDIENCE, CDK_OUTDIR: outdir };
  await using built = await build(app, { exchanged: {}, environment, authority: '' });
  await runWell(built.program);
  const template = await readFile(join(outdir, `${app.title}.template.json`), 'utf8');
  const resources: { Type: string; Properties: object }[] = Object.values(
    JSON.parse(template).Resources,
  );
  return new Map(resources.map(({ Type, Properties }) => [Type, Properties]));
}

describe('what the printed CDK apps become', () => {
  test('an HTTP API has a JWT authorizer, and a route that wants the scope', async () => {
    const api = await synthesized(cdkApps[0]);
    expect(api.get('AWS::ApiGatewayV2::Authorizer')).toMatchObject({
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: [AUDIENCE], Issuer: ISSUER },
    });
    const route = { AuthorizationType: 'JWT', AuthorizationScopes: ['read'] };
    expect(api.get('AWS::ApiGatewayV2::Route')).toMatchObject(route);
  });

  test('a load balancer knows the issuer, and wants the audience and the scope', async () => {
    const balancer = await synthesized(cdkApps[1]);
    expect(balancer.get('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({
      DefaultActions: [
        {
          Type: 'jwt-validation',
          JwtValidationConfig: {
            Issuer: ISSUER,
            JwksEndpoint: `${ISSUER}/.well-known/jwks.json`,
            AdditionalClaims: [
              { Name: 'aud', Format: 'single-string', Values: [AUDIENCE] },
              { Name: 'scope', Format: 'space-separated-values', Values: ['read'] },
            ],
          },
        },
        { Type: 'forward' },
      ],
    });
  });
});
