import type { Template } from 'aws-cdk-lib/assertions';

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
  const role = roleOf(template, functionIdPrefix);
  const [inline, policies] = [template.findResources('AWS::IAM::Role')[role], 'AWS::IAM::Policy'];
  if (inline?.Properties.ManagedPolicyArns || inline?.Properties.Policies) {
    throw new Error(`${role} has policies of its own`);
  }
  return Object.values(template.findResources(policies))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .flatMap((statement) => permissions(template, statement))
    .sort((a, b) => a.action.localeCompare(b.action));
}

function roleOf(template: Template, functionIdPrefix: string): string {
  const [found] = Object.entries(template.findResources('AWS::Lambda::Function')).filter(([id]) =>
    id.startsWith(functionIdPrefix),
  );
  return found?.[1].Properties.Role['Fn::GetAtt'][0];
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

// `Type#LogicalId` without the hash that the CDK puts at an id's end.
function describe(template: Template, resource: unknown): string {
  const [id, attribute] = (resource as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt'] ?? [];
  if (id === undefined || attribute !== 'Arn') return JSON.stringify(resource);
  return `${template.toJSON().Resources[id].Type} ${id.slice(0, -8)}`;
}
