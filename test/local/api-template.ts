import type { StackTemplate, TemplateResource } from '../../local/template/stack-template.ts';

/** A stack of these resources. */
export const stackOf = (
  resources: Readonly<Record<string, TemplateResource>>,
  outputs: StackTemplate['outputs'] = {},
): StackTemplate => ({ name: 'Stack', directory: '/assembly', resources, outputs });

/**
 * A stack with an HTTP API A: its stage S, and a route R to the function F behind integration I
 * and authorizer Z. `changes` are properties by resource.
 */
export function apiTemplate(changes: Readonly<Record<string, object>> = {}): StackTemplate {
  const resource = (id: string, type: string, properties: object): [string, TemplateResource] => [
    id,
    {
      Type: `AWS::ApiGatewayV2::${type}`,
      Properties: {
        ...(type === 'Api' ? {} : { ApiId: { Ref: 'A' } }),
        ...properties,
        ...changes[id],
      },
    },
  ];
  return stackOf({
    F: { Type: 'AWS::Lambda::Function' },
    ...Object.fromEntries([
      resource('A', 'Api', { ProtocolType: 'HTTP' }),
      resource('S', 'Stage', { StageName: '$default', AutoDeploy: true }),
      resource('I', 'Integration', {
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': ['F', 'Arn'] },
        PayloadFormatVersion: '2.0',
      }),
      resource('R', 'Route', {
        RouteKey: 'GET /',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'I' }]] },
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: 'Z' },
      }),
      resource('Z', 'Authorizer', {
        AuthorizerType: 'REQUEST',
        AuthorizerPayloadFormatVersion: '2.0',
        AuthorizerUri: {
          'Fn::Sub': `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\${F.Arn}/invocations`,
        },
        EnableSimpleResponses: true,
        IdentitySource: ['$request.header.Authorization'],
        AuthorizerResultTtlInSeconds: 60,
      }),
    ]),
  });
}
