import {
  type App,
  Aws,
  type CfnCondition,
  CfnOutput,
  type CfnResource,
  Fn,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { AuthorizerFunction } from '../authorizer/authorizer-function.ts';
import {
  authorizerParameters,
  authorizerVariables,
  boundTokenParameters,
  type IssuedTokens,
} from './authorizer-parameters.ts';
import { addAssetParameters, type ParameterLimits, Parameters } from './parameters.ts';
import { putRevocationParameters, revocationParameters } from './revocation-parameters.ts';

/** What an authorizer's template is made of. */
export interface AuthorizerTemplateProps extends Pick<StackProps, 'synthesizer' | 'description'> {
  readonly tokens: IssuedTokens;
}

/** Makes an authorizer of bearer tokens as a stack with parameters. */
export function authorizerStack(app: App, { tokens, ...props }: AuthorizerTemplateProps): Stack {
  const stack = new Stack(app, 'CountersignAuthorizer', props);
  const authorizer = new AuthorizerFunction(stack, 'Authorizer', accepted(tokens));
  addParameters(stack, authorizer, { limits: authorizerParameters(tokens), mayKeep: true });
  return stack;
}

/** Makes an authorizer of tokens that are bound to a key or a certificate as a stack with parameters. */
export function boundTokenAuthorizerStack(
  app: App,
  { tokens, ...props }: AuthorizerTemplateProps,
): Stack {
  const stack = new Stack(app, 'CountersignBoundTokenAuthorizer', props);
  const own = boundTokenParameters(tokens);
  const authorizer = new AuthorizerFunction(stack, 'BoundTokenAuthorizer', {
    ...accepted(tokens),
    boundTokens: { publicUrl: Fn.ref('PublicUrl') },
  });
  if (own.BoundTokens) authorizer.addEnvironment('BOUND_TOKENS', Fn.ref('BoundTokens'));
  const limits = { ...authorizerParameters(tokens), ...own };
  addParameters(stack, authorizer, { limits, mayKeep: false });
  return stack;
}

/** Its routes let nobody in until the parameter takes their place. */
const accepted = ({ algorithms, profile }: IssuedTokens) => ({
  issuer: Fn.ref('Issuer'),
  audience: Fn.ref('Audience'),
  routes: { 'GET /': ['nobody'] },
  algorithms,
  profile,
});

interface Parametrized {
  readonly limits: Readonly<Record<string, ParameterLimits>>;
  /** Whether API Gateway may keep answers. */
  readonly mayKeep: boolean;
}

function addParameters(
  stack: Stack,
  authorizer: LambdaFunction,
  { limits, mayKeep }: Parametrized,
): void {
  const parameters = new Parameters(stack, 'Parameters');
  addAssetParameters(parameters);
  for (const [name, limit] of Object.entries({ ...limits, ...revocationParameters }))
    parameters.add(name, limit);
  for (const [name, variable] of Object.entries(authorizerVariables)) {
    authorizer.addEnvironment(variable, Fn.ref(name));
  }
  putRevocationParameters(authorizer, parameters, { mayKeep });
  addPermission(authorizer, parameters.isSet(api));
  addOutputs(stack, authorizer);
}

const api = 'ApiExecutionArn';

/** The API's authorizers may call the function. Whoever makes the API first, or later, grants it himself. */
function addPermission(authorizer: LambdaFunction, condition: CfnCondition): void {
  authorizer.addPermission('Api', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: `${Fn.ref(api)}/authorizers/*`,
  });
  const permission = authorizer.node.findChild('Api') as CfnResource;
  permission.cfnOptions.condition = condition;
}

function addOutputs(stack: Stack, { functionArn }: LambdaFunction): void {
  const { PARTITION, REGION } = Aws;
  new CfnOutput(stack, 'FunctionArn', {
    description: 'The function, for AWS::Lambda::Permission',
    value: functionArn,
  });
  new CfnOutput(stack, 'InvocationArn', {
    description: 'What an authorizer of API Gateway calls: its AuthorizerUri',
    value: `arn:${PARTITION}:apigateway:${REGION}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
  });
}
