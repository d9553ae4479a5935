import { CfnElement, CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { placeOf, resolved } from './references.ts';
import { importOf, nameOf, type Place, type Properties, textOf } from './written-out.ts';

/** A resource as its template will have it, with whatever has been written over. */
export interface TemplateResource {
  /** What references call it. */
  readonly name: string;
  /** What a person calls it. */
  readonly path: string;
  readonly type: string;
  readonly properties: Properties;
  /** What makes it; several, if it is from a template that was included as it is. */
  readonly element: CfnElement;
}

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
  const values = new Map([...parts.flatMap(exportsOf), ...resources.flatMap(parametersOf)]);
  const followed = resources.map((resource) => ({
    ...resource,
    properties: follow(resource.properties, values),
  }));
  return {
    resources: followed,
    named: new Map(followed.map((resource) => [resource.name, resource])),
  };
}

/** What one element adds to a template. */
interface Part {
  readonly element: CfnElement;
  readonly place: Place;
  readonly Resources: Readonly<Record<string, { Type?: string; Properties?: Properties }>>;
  readonly Outputs: Readonly<Record<string, { Value?: unknown; Export?: { Name?: unknown } }>>;
}

function partOf(element: CfnElement): Part {
  const { Resources = {}, Outputs = {} } = Object(resolved(element._toCloudFormation(), element));
  return { element, place: placeOf(element), Resources, Outputs };
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
    element,
  }));
}

/** Of the construct that it is the resource of, if there is one. */
function pathOf(element: CfnElement): string {
  const { scope, id } = element.node;
  return (scope && ['Default', 'Resource'].includes(id) ? scope : element).node.path;
}

/** For those who are in the same stage, and for all others. */
function exportsOf({ place, Outputs }: Part): (readonly [string, string])[] {
  return Object.values(Outputs)
    .filter(({ Export }) => Export?.Name !== undefined)
    .flatMap(({ Value, Export }) =>
      [place.stage, anyStage].map(
        (stage) => [importOf(textOf(Export?.Name), stage), textOf(Value)] as const,
      ),
    );
}

const anyStage = 'any stage';

/** What a stack hands to one that is nested in it. */
function parametersOf({ type, element, properties }: TemplateResource): [string, string][] {
  if (type !== 'AWS::CloudFormation::Stack') return [];
  const nested = element.node.root.node
    .findAll()
    .find((construct) => Stack.isStack(construct) && construct.nestedStackResource === element);
  if (!nested) return [];
  const stack = nested.node.path;
  return Object.entries<unknown>(Object(properties.Parameters)).map(([id, value]) => [
    nameOf(id, { stack }),
    textOf(value),
  ]);
}

/** Puts what is behind a parameter or an import in its place. */
function follow(properties: Properties, values: ReadonlyMap<string, string>): Properties {
  const known = (text: string, depth = 0): string =>
    text.replace(/<([^<>]+)>/g, (reference, name: string) => {
      const value = values.get(name) ?? values.get(name.replace(/ of .*$/, ` of ${anyStage}`));
      return value === undefined || depth > maxDepth ? reference : known(value, depth + 1);
    });
  const everywhere = (value: unknown): unknown => {
    if (typeof value === 'string') return known(value);
    if (Array.isArray(value)) return value.map(everywhere);
    if (typeof value !== 'object' || value === null) return value;
    return everywhereIn({ ...value });
  };
  const everywhereIn = (object: Properties): Properties =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, everywhere(value)]));
  return everywhereIn(properties);
}

/** Parameters of parameters end somewhere; exports of imports may not. */
const maxDepth = 5;
