import {
  type CfnElement,
  CfnOutput,
  CfnParameter,
  type CfnResource,
  Fn,
  NestedStack,
  Stack,
} from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { synthesizeApp, uriOf } from './http-attachments.ts';
import { scratchStack } from './synthesis.ts';

const props = {
  issuer: 'https://auth.example.com',
  audience: 'https://api.example.com',
  routes: { 'GET /admin': ['admin'], $default: ['read'] },
};

/** Adds an API in which an authorizer with this ARN guards everything by one route. */
function addApi(scope: Stack, arn: string): CfnRoute {
  const { ref: apiId } = new CfnApi(scope, 'Api', { name: 'api', protocolType: 'HTTP' });
  const { ref: authorizerId } = new CfnAuthorizer(scope, 'Mine', {
    apiId,
    authorizerType: 'REQUEST',
    name: 'mine',
    authorizerUri: uriOf(arn),
  });
  const guarded = { authorizationType: 'CUSTOM', authorizerId };
  return new CfnRoute(scope, 'Route', { apiId, routeKey: '$default', ...guarded });
}

const other = (stack: Stack): Stack => new Stack(stack.node.scope, 'Other');

const authorizerIn = (stack: Stack) => new AccessTokenAuthorizer(stack, 'Authorizer', props);

function named(stack: Stack, name: unknown): void {
  const { defaultChild } = authorizerIn(stack).function.node;
  (defaultChild as CfnResource).addPropertyOverride('FunctionName', name);
}

const arnOf = (name: string): string => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;

/** A text in which CloudFormation puts values, such as that of a reference. */
const put = (reference: string): string => `\${${reference}}`;

describe('I11: synthesis knows the function by a value that was handed over', () => {
  const ways: Readonly<Record<string, (stack: Stack) => void>> = {
    'the value of a parameter of the Systems Manager'(stack) {
      const { functionArn: stringValue } = authorizerIn(stack).function;
      addApi(stack, new StringParameter(stack, 'Arn', { stringValue }).stringValue);
    },
    'such a value from another stack'(stack) {
      const { functionArn: stringValue } = authorizerIn(stack).function;
      addApi(other(stack), new StringParameter(stack, 'Arn', { stringValue }).stringValue);
    },
    'an output of a nested stack'(stack) {
      const nested = new NestedStack(stack, 'Nested');
      const { functionArn: value } = authorizerIn(nested).function;
      new CfnOutput(nested, 'Arn', { value });
      const resource = nested.nestedStackResource as CfnResource;
      addApi(stack, resource.getAtt('Outputs.Arn').toString());
    },
    'such an output by its name'(stack) {
      const nested = new NestedStack(stack, 'Nested');
      const { functionArn: value } = authorizerIn(nested).function;
      new CfnOutput(nested, 'Arn', { value });
      const id = stack.getLogicalId(nested.nestedStackResource as CfnElement);
      addApi(stack, Fn.sub(put(`${id}.Outputs.Arn`)));
    },
    'an export that has the name of its stack'(stack) {
      const { functionArn: value } = authorizerIn(stack).function;
      new CfnOutput(stack, 'Arn', { value, exportName: Fn.sub(`${put('AWS::StackName')}-arn`) });
      addApi(other(stack), Fn.importValue('Scratch-arn'));
    },
    'a parameter of the Systems Manager that has it'(stack) {
      const { functionArn: stringValue } = authorizerIn(stack).function;
      const parameterName = Fn.join('/', ['', Fn.ref('AWS::StackName'), 'arn']);
      new StringParameter(stack, 'Arn', { parameterName, simpleName: false, stringValue });
      addApi(other(stack), '{{resolve:ssm:/Scratch/arn}}');
    },
    'a name that has it'(stack) {
      named(stack, { 'Fn::Sub': `${put('AWS::StackName')}-mine` });
      addApi(other(stack), arnOf('Scratch-mine'));
    },
    'a name by the default of a parameter'(stack) {
      named(stack, 'mine');
      const { valueAsString } = new CfnParameter(stack, 'Name', { default: 'mine' });
      addApi(stack, arnOf(valueAsString));
    },
    'a name that is itself such a default'(stack) {
      named(stack, { Ref: 'Name' });
      new CfnParameter(stack, 'Name', { default: 'mine' });
      addApi(stack, arnOf('mine'));
    },
    'an export whose name has such a default'(stack) {
      const { functionArn: value } = authorizerIn(stack).function;
      new CfnOutput(stack, 'Arn', { value, exportName: 'scratch-arn' });
      const scope = other(stack);
      const { valueAsString } = new CfnParameter(scope, 'Prefix', { default: 'scratch' });
      addApi(scope, Fn.importValue(`${valueAsString}-arn`));
    },
    'a reference with blanks'(stack) {
      const { defaultChild } = authorizerIn(stack).function.node;
      const id = stack.getLogicalId(defaultChild as CfnElement);
      addApi(stack, Fn.sub(put(` ${id}.Arn `)));
    },
  };

  test.for(Object.entries(ways))('%s', ([, make]) => {
    const stack = scratchStack();
    make(stack);
    expect(() => synthesizeApp(stack)).toThrow(
      /routes lists "GET \/admin", but .*Api" serves it by "\$default"/,
    );
  });

  test('but a route key by the default of a parameter is one that only the deployment knows', () => {
    const stack = scratchStack();
    const route = addApi(stack, authorizerIn(stack).function.functionArn);
    route.routeKey = new CfnParameter(stack, 'Key', { default: 'GET /admin' }).valueAsString;
    expect(() => synthesizeApp(stack)).toThrow('cannot be told before the deployment');
  });
});
