import type { Template } from 'aws-cdk-lib/assertions';
import { propertiesOf } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** One action that a function may do: on which type of resource, and under what condition. */
export interface Permission {
  readonly action: string;
  readonly on: string;
  readonly condition?: unknown;
}

/** Everything that a function's role may do, by any policy. Fails on a managed policy. */
export function permissionsOf(template: Template, functionIdPrefix: string): Permission[] {
  const { Role } = propertiesOf(template, 'AWS::Lambda::Function', functionIdPrefix);
  return permissionsOfRole(template, Role);
}

/** The same for a role, given as a reference to its ARN. */
export function permissionsOfRole(template: Template, arn: unknown): Permission[] {
  const [role = ''] = (arn as { 'Fn::GetAtt': string[] })['Fn::GetAtt'];
  const { Properties } = template.findResources('AWS::IAM::Role')[role] ?? {};
  if (Properties?.ManagedPolicyArns || Properties?.Policies) {
    throw new Error(`${role} has policies of its own`);
  }
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .flatMap((statement) => permissions(template, statement))
    .sort((a, b) => a.action.localeCompare(b.action));
}

function permissions(template: Template, statement: Statement): Permission[] {
  if (statement.Effect !== 'Allow') throw new Error('a Deny');
  const actions = [statement.Action].flat() as string[];
  const on = [statement.Resource].flat().map((resource) => describe(template, resource));
  return actions.map((action) => ({
    action,
    on: on.join(' '),
    ...(statement.Condition !== undefined && { condition: statement.Condition }),
  }));
}

// `Type LogicalId` without the hash that the CDK puts at an id's end, or the ARN as a text.
function describe(template: Template, resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { 'Fn::GetAtt': reference, 'Fn::Join': join, Ref } = resource as Intrinsic;
  if (Ref?.startsWith('AWS::')) return pseudo({ Ref });
  if (join) return join[1].map((part) => describePart(template, part)).join('');
  const [id = '', attribute] = reference ?? [];
  if (attribute !== 'Arn' && attribute !== 'StreamArn')
    throw new Error(`what is ${JSON.stringify(resource)}?`);
  const resourceName = `${template.toJSON().Resources[id].Type} ${id.slice(0, -8)}`;
  return attribute === 'Arn' ? resourceName : `${resourceName}/stream`;
}

/** A part of an ARN: a text, a pseudo parameter, or the ARN of the resource that the rest is of. */
function describePart(template: Template, part: string | Intrinsic): string {
  if (typeof part === 'string') return part;
  return part['Fn::GetAtt'] ? describe(template, part) : pseudo(part);
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly string[];
  readonly 'Fn::Join'?: readonly ['', readonly (string | Intrinsic)[]];
}

const pseudo = ({ Ref = '' }: Intrinsic): string => `<${Ref.replace('AWS::', '')}>`;

/** All KMS keys of the account and Region, as `on` says it. */
export const anyKey = 'arn:<Partition>:kms:<Region>:<AccountId>:key/*';
