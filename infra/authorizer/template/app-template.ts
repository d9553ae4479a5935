import { CfnElement, CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { follow, handedValues } from './handed-values.ts';
import { type Part, partOf, type TemplateResource } from './parts.ts';
import { nameOf } from './written-out.ts';

/** All that is in the templates of an app and bears on who may call its APIs. */
export interface AppTemplate {
  readonly resources: readonly TemplateResource[];
  readonly named: ReadonlyMap<string, TemplateResource>;
}

const services = ['AWS::ApiGateway', 'AWS::ApiGatewayV2', 'AWS::Serverless'];
const others = [
  'AWS::CloudFormation::Stack',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::SSM::Parameter',
];

const isOfInterest = (type: string): boolean =>
  others.includes(type) || services.some((service) => type.startsWith(`${service}::`));

/**
 * Reads the whole app from its root, by the types of CloudFormation. Classes say nothing: there may be two
 * copies of the CDK, and a resource may be written without any.
 */
export function readApp(anywhere: IConstruct): AppTemplate {
  const parts = anywhere.node.root.node
    .findAll()
    .filter((construct) => CfnElement.isCfnElement(construct))
    .filter(mayBeOfInterest)
    .map(partOf);
  const resources = parts.flatMap(resourcesOf).filter(({ type }) => isOfInterest(type));
  const values = handedValues(parts, resources);
  const followed = resources.map((resource) => ({
    ...resource,
    properties: follow(resource.properties, values),
  }));
  return {
    resources: followed,
    named: new Map(followed.map((resource) => [resource.name, resource])),
  };
}

/** To leave out the others is quicker; a type can be written over. */
function mayBeOfInterest(element: CfnElement): boolean {
  if (!CfnResource.isCfnResource(element)) return true;
  const { rawOverrides: { Type } = {} }: { rawOverrides?: { Type?: unknown } } = Object(element);
  return Type !== undefined || isOfInterest(element.cfnResourceType);
}

function resourcesOf({ element, place, Resources }: Part): TemplateResource[] {
  return Object.entries(Resources).map(([id, { Type = '', Properties = {} }]) => ({
    name: nameOf(id, place),
    path: CfnResource.isCfnResource(element) ? pathOf(element) : `${element.node.path}/${id}`,
    type: Type,
    properties: Properties,
    place,
    element,
  }));
}

/** Of the construct that it is the resource of, if there is one. */
function pathOf(element: CfnElement): string {
  const { scope, id } = element.node;
  return (scope && ['Default', 'Resource'].includes(id) ? scope : element).node.path;
}
