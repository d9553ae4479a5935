import { expect } from 'vitest';
import { identitySources } from '../../../infra/authorizer/checks/results-cache.ts';

/** What a tool makes of a snippet, as CloudFormation reads it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

type Properties = Readonly<Record<string, unknown>>;

/** The resources of one type. */
export const ofType = (template: Template, type: string): readonly Properties[] =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

/** The three routes of each snippet. */
export const routeKeys = ['GET /orders', 'GET /orders/{id}', 'POST /orders'];

/**
 * Expects an HTTP API whose every route asks the authorizer, which answers for nothing but what it was asked.
 * @param arn the authorizer's function, as the template has it
 */
export function expectGuardedHttpApi(template: Template, arn: unknown): void {
  const routes = ofType(template, 'AWS::ApiGatewayV2::Route');
  expect(routes.map(({ RouteKey }) => RouteKey).sort()).toEqual(routeKeys);
  const [[authorizerId = '', authorizer] = [], ...others] = authorizersOf(template);
  expect(others).toEqual([]);
  for (const route of routes) {
    expect(route).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: authorizerId },
    });
  }
  expect(authorizer?.Properties).toMatchObject({
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    AuthorizerResultTtlInSeconds: 0,
    IdentitySource: identitySources.HTTP,
  });
  const [api] = ofType(template, 'AWS::ApiGatewayV2::Api');
  expect(api).toHaveProperty('CorsConfiguration.AllowOrigins', ['https://shop.example.com']);
  expectPermission(template, arn);
}

/**
 * Expects a REST API whose every method asks the authorizer, but for preflights.
 * @param arn the authorizer's function, as the template has it
 */
export function expectGuardedRestApi(template: Template, arn: unknown): void {
  const methods = ofType(template, 'AWS::ApiGateway::Method');
  const guarded = methods.filter(({ HttpMethod }) => HttpMethod !== 'OPTIONS');
  const preflights = methods.filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');
  expect(guarded.map(({ HttpMethod }) => HttpMethod).sort()).toEqual(['GET', 'GET', 'POST']);
  expect(preflights.length).toBeGreaterThanOrEqual(2);
  const [[authorizerId = '', authorizer] = [], ...others] = authorizersOf(template);
  expect(others).toEqual([]);
  for (const method of guarded) {
    const asks = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: authorizerId } };
    expect(method).toMatchObject(asks);
  }
  for (const { AuthorizationType } of preflights) expect(AuthorizationType).toBe('NONE');
  const { IdentitySource, ...settings } = authorizer?.Properties ?? {};
  expect(settings).toMatchObject({ Type: 'REQUEST', AuthorizerResultTtlInSeconds: 0 });
  expect(String(IdentitySource).split(/, ?/)).toEqual(identitySources.REST);
  const challenges = ofType(template, 'AWS::ApiGateway::GatewayResponse');
  expect(challenges.map(({ ResponseType }) => ResponseType).sort()).toEqual(challenged);
  expectPermission(template, arn);
}

const challenged = ['ACCESS_DENIED', 'UNAUTHORIZED'];

const authorizersOf = ({ Resources }: Template): readonly [string, Resource][] =>
  Object.entries(Resources).filter(([, { Type }]) =>
    /^AWS::ApiGateway(V2)?::Authorizer$/.test(Type),
  );

/** API Gateway alone may call the function, and for an API of this template alone. */
export function expectPermission(template: Template, arn: unknown): void {
  const permissions = ofType(template, 'AWS::Lambda::Permission');
  const own = permissions.filter(
    ({ FunctionName }) => JSON.stringify(FunctionName) === JSON.stringify(arn),
  );
  expect(own).toEqual([
    expect.objectContaining({
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: expect.anything(),
    }),
  ]);
  const [apiId] = Object.entries(template.Resources)
    .filter(([, { Type }]) => /^AWS::ApiGateway(V2)?::(Rest)?Api$/.test(Type))
    .map(([id]) => id);
  expect(JSON.stringify(own[0]?.SourceArn)).toContain(`{"Ref":"${apiId}"}`);
}
