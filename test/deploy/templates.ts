import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { assembly } from './cdk.ts';

interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Metadata?: { readonly 'aws:asset:path'?: string };
}

/** The paths of the templates of both stacks of ours; an owner's may lie beside them. */
export const templates = (): readonly string[] =>
  globSync('{Countersign,assembly-Demo/*}.template.json', { cwd: assembly }).map((path) =>
    join(assembly, path),
  );

/** The logical id of each function -> the folder of its code. */
export async function bundles(): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(templates().map(bundlesOf));
  return new Map(found.flat());
}

async function bundlesOf(path: string): Promise<readonly (readonly [string, string])[]> {
  const template: Template = JSON.parse(await readFile(path, 'utf8'));
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([id, { Metadata }]) => [id, join(dirname(path), Metadata?.['aws:asset:path'] ?? '')]);
}
