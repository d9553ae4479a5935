import type { Resolver } from './resolver.ts';
import { isCustom, resourceTypes } from './resource-types.ts';
import { type Place, placeName, type StackTemplate } from './stack-template.ts';

/** A resource with resolved properties. */
export interface Resource extends Place {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * Checks that the local stack knows all types and properties of a template. Otherwise what has an
 * effect in AWS could silently have none here.
 * @throws Error that names the resource type or the property
 */
export function checkTemplate(stack: StackTemplate): void {
  for (const [id, { Type, Properties = {}, Condition }] of Object.entries(stack.resources)) {
    if (Condition) throw unknown('conditions', { stack, id });
    if (isCustom(Type)) continue;
    const type = resourceTypes[Type];
    if (!type) throw unknown(`the resource type ${Type}`, { stack, id });
    const known = [...type.read, ...type.ignored];
    const stranger = Object.keys(Properties).find((name) => !known.includes(name));
    if (stranger) throw unknown(`${stranger} of ${Type}`, { stack, id });
  }
}

const unknown = (what: string, place: Place) =>
  new Error(`the local stack does not know ${what} (${placeName(place)})`);

/** The resources of one type in a stack, with those of their properties that have an effect. */
export function resourcesOf(
  stack: StackTemplate,
  type: string,
  resolve: Resolver,
): readonly Resource[] {
  return selected(stack, resolve, (candidate) => candidate === type);
}

/** The custom resources of a stack, with all of their properties. */
export function customResourcesIn(stack: StackTemplate, resolve: Resolver): readonly Resource[] {
  return selected(stack, resolve, isCustom);
}

function selected(
  stack: StackTemplate,
  resolve: Resolver,
  isWanted: (type: string) => boolean,
): readonly Resource[] {
  const own = Object.entries(stack.resources).filter(([, { Type }]) => isWanted(Type));
  return own.map(([id, { Type, Properties = {}, Metadata = {} }]) => {
    const read = Object.entries(Properties).filter(
      ([name]) => isCustom(Type) || resourceTypes[Type]?.read.includes(name),
    );
    const properties = read.map(([name, value]) => [name, resolve(stack, value)]);
    return {
      stack,
      id,
      type: Type,
      properties: Object.fromEntries(properties),
      metadata: Metadata,
    };
  });
}

/** A property that is a string. @throws Error for any other, or a missing one without a default */
export function text(resource: Resource, name: string, otherwise?: string): string {
  const value = resource.properties[name] ?? otherwise;
  if (typeof value === 'string') return value;
  throw malformed(resource, name);
}

/** A property that is a number, or a string of one. @throws Error for any other */
export function number(resource: Resource, name: string, otherwise: number): number {
  const value = Number(resource.properties[name] ?? otherwise);
  if (Number.isFinite(value)) return value;
  throw malformed(resource, name);
}

/** Checks that a property has the only value that the local stack knows. @throws Error otherwise */
export function demand(resource: Resource, name: string, only: unknown): void {
  if (resource.properties[name] === only) return;
  throw new Error(`${malformed(resource, name).message}; the local stack knows only ${only}`);
}

/** The error for a property with an unusable value. */
export const malformed = (resource: Resource, name: string): Error =>
  new Error(
    `${name} of ${placeName(resource)} is ${JSON.stringify(resource.properties[name]) ?? 'missing'}`,
  );
