import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { Part, TemplateResource } from './parts.ts';
import { elementName } from './references.ts';
import {
  asText,
  byDefault,
  exportOf,
  inAnyStage,
  nameOf,
  outputOf,
  type Properties,
  parameterOf,
  referenceTo,
  withDefaults,
} from './written-out.ts';

/** Name -> the value that one template hands to others under it. */
export type HandedValues = ReadonlyMap<string, string>;

/**
 * Finds what is handed over by exports, outputs, parameters of nested stacks and of the Systems Manager. Within
 * a stage its own value counts. Of other stages all values under the name are joined, so that none is missed.
 */
export function handedValues(
  parts: readonly Part[],
  resources: readonly TemplateResource[],
): HandedValues {
  const values = new Map<string, string>();
  const all = [
    ...parts.flatMap(outputsOf),
    ...parts.flatMap(parametersOf),
    ...resources.flatMap((resource) => givers[resource.type]?.(resource) ?? []),
  ];
  for (const [name, value] of all) {
    for (const known of new Set([name, inAnyStage(name)])) {
      values.set(known, `${values.get(known) ?? ''}${value}`);
    }
  }
  for (const [name, value] of parts.flatMap(defaultsOf)) {
    if (!values.has(name)) values.set(name, value);
  }
  return values;
}

type Entry = readonly [name: string, value: string];

const outputsOf = ({ element, place, Outputs }: Part): Entry[] =>
  Object.entries(Outputs).flatMap(([id, { Value, Export }]) =>
    [
      ...nestedName(element).map((name) => `${name}.Outputs.${id}`),
      outputOf(id, place.stackName, place.stage),
      ...(Export ? [exportOf(asText(Export.Name), place.stage)] : []),
    ].map((name) => [name, asText(Value)] as const),
  );

/** What the stack around it calls the stack of an element. */
function nestedName(element: CfnElement): string[] {
  const { nestedStackResource } = Stack.of(element);
  return nestedStackResource ? [elementName(nestedStackResource)] : [];
}

/** What parameters are unless the deployment, or the stack around theirs, says otherwise. */
const defaultsOf = ({ place, Parameters }: Part): Entry[] =>
  Object.entries(Parameters)
    .filter(([, { Type, Default }]) => Type === 'String' && Default !== undefined)
    .map(([id, { Default }]) => [nameOf(id, place), byDefault(asText(Default))]);

/** Those that a template takes from the Systems Manager. */
const parametersOf = ({ place, Parameters }: Part): Entry[] =>
  Object.entries(Parameters)
    .filter(([, { Type = '' }]) => Type.startsWith('AWS::SSM::Parameter::Value<'))
    .map(([id, { Default }]) => [
      nameOf(id, place),
      referenceTo(parameterOf(asText(Default), place.stage)),
    ]);

const givers: Readonly<Record<string, (resource: TemplateResource) => Entry[]>> = {
  'AWS::SSM::Parameter': ({ name, place, properties: { Name, Value } }) => [
    [parameterOf(asText(Name), place.stage), asText(Value)],
    [`${name}.Value`, asText(Value)],
  ],
  'AWS::CloudFormation::Stack'({ element, properties }) {
    const nested = element.node.root.node
      .findAll()
      .find((construct) => Stack.isStack(construct) && construct.nestedStackResource === element);
    if (!nested) return [];
    const stack = nested.node.path;
    return Object.entries<unknown>(Object(properties.Parameters)).map(([id, value]) => [
      nameOf(id, { stack }),
      asText(value),
    ]);
  },
};

/** Puts what was handed over in the place of its name. */
export function follow(properties: Properties, values: HandedValues): Properties {
  const known = (text: string, depth = 0): string => {
    const next = text.replace(/<([^<>]+)>/g, (reference, written: string) => {
      const name = withDefaults(written);
      return values.get(name) ?? values.get(inAnyStage(name)) ?? reference;
    });
    return next === text || depth === maxDepth ? next : known(next, depth + 1);
  };
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
