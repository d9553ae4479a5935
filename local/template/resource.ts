import type { Resolver } from './resolver.ts';
import { type Place, placeName, type StackTemplate } from './stack-template.ts';

/** A resource with resolved properties. */
export interface Resource extends Place {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What the local stack makes of the properties of a resource type. */
interface Properties {
  /** They mean here what they mean in AWS. */
  readonly read: readonly string[];
  /** They make no difference to what the local stack does. */
  readonly ignored: readonly string[];
}

const types: Readonly<Record<string, Properties>> = {
  'AWS::ApiGatewayV2::Api': { read: ['ProtocolType'], ignored: ['Name', 'Description', 'Tags'] },
  'AWS::ApiGatewayV2::Authorizer': {
    read: [
      'ApiId',
      'AuthorizerPayloadFormatVersion',
      'AuthorizerResultTtlInSeconds',
      'AuthorizerType',
      'AuthorizerUri',
      'EnableSimpleResponses',
      'IdentitySource',
    ],
    ignored: ['Name'],
  },
  'AWS::ApiGatewayV2::Integration': {
    read: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    ignored: ['Description', 'IntegrationMethod'],
  },
  'AWS::ApiGatewayV2::Route': {
    read: ['ApiId', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'],
    ignored: ['OperationName'],
  },
  'AWS::ApiGatewayV2::Stage': {
    read: ['ApiId', 'AutoDeploy', 'StageName'],
    ignored: ['AccessLogSettings', 'DefaultRouteSettings', 'Description', 'RouteSettings', 'Tags'],
  },
  'AWS::CDK::Metadata': { read: [], ignored: ['Analytics'] },
  'AWS::DynamoDB::GlobalTable': {
    read: [
      'AttributeDefinitions',
      'BillingMode',
      'GlobalSecondaryIndexes',
      'KeySchema',
      'TableName',
    ],
    ignored: ['Replicas', 'SSESpecification', 'TimeToLiveSpecification'],
  },
  'AWS::IAM::Policy': { read: [], ignored: ['PolicyDocument', 'PolicyName', 'Roles'] },
  'AWS::IAM::Role': {
    read: [],
    ignored: ['AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns', 'Policies', 'Tags'],
  },
  'AWS::KMS::Alias': { read: ['AliasName', 'TargetKeyId'], ignored: [] },
  'AWS::KMS::Key': {
    read: ['Description', 'KeySpec', 'KeyUsage'],
    ignored: ['EnableKeyRotation', 'KeyPolicy', 'PendingWindowInDays', 'Tags'],
  },
  'AWS::Lambda::Function': {
    read: ['Environment', 'FunctionName', 'Handler', 'MemorySize', 'Runtime', 'Timeout'],
    ignored: ['Architectures', 'Code', 'Description', 'LoggingConfig', 'Role', 'Tags'],
  },
  'AWS::Lambda::Permission': {
    read: ['Action', 'FunctionName', 'Principal', 'SourceArn'],
    ignored: [],
  },
  'AWS::Logs::LogGroup': { read: [], ignored: ['LogGroupName', 'RetentionInDays', 'Tags'] },
};

/**
 * Checks that the local stack understands all of a template, so that nothing that matters in AWS
 * goes missing here without a word.
 * @throws Error that names the resource type or the property
 */
export function checkTemplate(stack: StackTemplate): void {
  for (const [id, { Type, Properties = {}, Condition }] of Object.entries(stack.resources)) {
    const type = types[Type];
    if (!type) throw unknown(`the resource type ${Type}`, { stack, id });
    if (Condition) throw unknown('conditions', { stack, id });
    const known = [...type.read, ...type.ignored];
    const stranger = Object.keys(Properties).find((name) => !known.includes(name));
    if (stranger) throw unknown(`${stranger} of ${Type}`, { stack, id });
  }
}

const unknown = (what: string, place: Place) =>
  new Error(`the local stack does not know ${what} (${placeName(place)})`);

/** The resources of one type in a stack, with those of their properties that mean something here. */
export function resourcesOf(
  stack: StackTemplate,
  type: string,
  resolve: Resolver,
): readonly Resource[] {
  const own = Object.entries(stack.resources).filter(([, { Type }]) => Type === type);
  return own.map(([id, { Properties = {}, Metadata = {} }]) => {
    const read = Object.entries(Properties).filter(([name]) => types[type]?.read.includes(name));
    const properties = read.map(([name, value]) => [name, resolve(stack, value)]);
    return { stack, id, type, properties: Object.fromEntries(properties), metadata: Metadata };
  });
}

/** A property that is a text, or a number written as one. */
export function text(resource: Resource, name: string, otherwise?: string): string {
  const value = resource.properties[name] ?? otherwise;
  if (typeof value === 'string') return value;
  throw malformed(resource, name);
}

/** A property that is a number. */
export function number(resource: Resource, name: string, otherwise: number): number {
  const value = Number(resource.properties[name] ?? otherwise);
  if (Number.isFinite(value)) return value;
  throw malformed(resource, name);
}

/** Demands the one value that the local stack can do. */
export function demand(resource: Resource, name: string, only: unknown): void {
  if (resource.properties[name] === only) return;
  throw new Error(`${malformed(resource, name).message}; the local stack knows only ${only}`);
}

/** The error for a property that cannot be right. */
export const malformed = (resource: Resource, name: string): Error =>
  new Error(
    `${name} of ${placeName(resource)} is ${JSON.stringify(resource.properties[name]) ?? 'missing'}`,
  );
