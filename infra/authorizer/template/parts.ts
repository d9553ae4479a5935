import { type CfnElement, Stack, Stage, Token } from 'aws-cdk-lib';
import { resolved } from './references.ts';
import type { Place, Properties } from './written-out.ts';

/** A resource as its template will have it, with whatever has been written over. */
export interface TemplateResource {
  /** What references call it. */
  readonly name: string;
  /** What a person calls it. */
  readonly path: string;
  readonly type: string;
  readonly properties: Properties;
  readonly place: Place;
  /** What makes it; several, if it is from a template that was included as it is. */
  readonly element: CfnElement;
}

/** What one element adds to a template. */
export interface Part {
  readonly element: CfnElement;
  readonly place: Place;
  readonly Resources: Readonly<Record<string, { Type?: string; Properties?: Properties }>>;
  readonly Outputs: Readonly<Record<string, { Value?: unknown; Export?: { Name?: unknown } }>>;
  readonly Parameters: Readonly<Record<string, { Type?: string; Default?: unknown }>>;
}

/** Reads what an element adds. */
export function partOf(element: CfnElement): Part {
  const place = placeOf(element);
  const {
    Resources = {},
    Outputs = {},
    Parameters = {},
  } = Object(resolved(element._toCloudFormation(), element, place));
  return { element, place, Resources, Outputs, Parameters };
}

const placeOf = (element: CfnElement): Place => {
  const { node, stackName: called } = Stack.of(element);
  const stackName = Token.isUnresolved(called) ? '' : called;
  return { stack: node.path, stackName, stage: Stage.of(element)?.node.path ?? '' };
};
