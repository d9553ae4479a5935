import { accountId, region } from '../account/local-account.ts';
import { keyArn } from '../kms/key-reference.ts';
import { functionArn } from '../lambda/function.ts';
import { type Place, placeName, placePath, type TemplateResource } from './stack-template.ts';

/** The names of a deployed resource: its Ref, and its attributes for Fn::GetAtt. */
export interface Identity {
  readonly ref: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a template does not tell: it comes from the deployment. */
export interface Deployed {
  /** The URL of a stack's HTTP API. */
  apiEndpoint(stack: string): string;
  /** The ids of the KMS keys, by stack and logical id: `Stack/Id`. */
  readonly keyIds: ReadonlyMap<string, string>;
}

type Identify = (place: Place, resource: TemplateResource, deployed: Deployed) => Identity;

const types: Readonly<Record<string, Identify>> = {
  'AWS::ApiGatewayV2::Api': ({ stack, id }, _, { apiEndpoint }) => ({
    ref: apiId({ stack, id }),
    attributes: { ApiId: apiId({ stack, id }), ApiEndpoint: apiEndpoint(stack.name) },
  }),
  'AWS::ApiGatewayV2::Authorizer': ({ id }) => ({ ref: id, attributes: { AuthorizerId: id } }),
  'AWS::ApiGatewayV2::Integration': ({ id }) => ({ ref: id, attributes: { IntegrationId: id } }),
  'AWS::ApiGatewayV2::Route': ({ id }) => ({ ref: id, attributes: { RouteId: id } }),
  'AWS::ApiGatewayV2::Stage': (_, { Properties }) => ({ ref: String(Properties?.StageName) }),
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::IAM::Role': (place) => named(place, (name) => `arn:aws:iam::${accountId}:role/${name}`),
  'AWS::KMS::Key': key,
  'AWS::Lambda::Function': (place, { Properties }) =>
    named(place, functionArn, Properties?.FunctionName),
  'AWS::Logs::LogGroup': (place) =>
    named(place, (name) => `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`),
};

/**
 * Gives the names of a resource.
 * @throws Error for a type that the local stack does not know
 */
export function identify(place: Place, resource: TemplateResource, deployed: Deployed): Identity {
  const type = types[resource.Type];
  if (type) return type(place, resource, deployed);
  throw new Error(
    `the local stack does not know what ${resource.Type} is called (${placeName(place)})`,
  );
}

function key(place: Place, _: TemplateResource, { keyIds }: Deployed): Identity {
  const id = keyIds.get(placePath(place));
  if (id) return { ref: id, attributes: { Arn: keyArn(id), KeyId: id } };
  throw new Error(`${placeName(place)} is not made yet`);
}

function table(place: Place, { Properties }: TemplateResource): Identity {
  const arn = (name: string) => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
  const { ref, attributes } = named(place, arn, Properties?.TableName);
  return { ref, attributes: { ...attributes, StreamArn: `${arn(ref)}/stream/local` } };
}

function named(place: Place, arn: (name: string) => string, chosen?: unknown): Identity {
  const ref = typeof chosen === 'string' ? chosen : `${place.stack.name}-${place.id}`;
  return { ref, attributes: { Arn: arn(ref) } };
}

const apiId = ({ id }: Place) => id.toLowerCase();
