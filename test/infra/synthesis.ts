import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { onTestFinished } from 'vitest';
import { createApp } from '../../infra/app/countersign-app.ts';

type Properties = Readonly<Record<string, unknown>>;

interface Resource {
  /** Its logical id. */
  readonly id: string;
  readonly Properties: Properties;
  readonly DependsOn: readonly string[] | undefined;
}

/** Synthesizes the app with some settings, and gives both templates. */
export function synthesize(context: Readonly<Record<string, unknown>> = {}): {
  readonly countersign: Template;
  readonly demoApi: Template;
} {
  const outdir = newDirectory();
  const app = createApp({ context, outdir, validation: false });
  const stacks = app.synth().stacksRecursively;
  const template = (name: string): Template =>
    Template.fromJSON(stacks.find(({ stackName }) => stackName === name)?.template);
  const name = String(context.stackName ?? 'Countersign');
  const templates = { countersign: template(name), demoApi: template(`${name}DemoApi`) };
  rmSync(outdir, { recursive: true });
  return templates;
}

/** A stack to try a construct in, until the test is over. */
export function scratchStack(): Stack {
  const app = new App({
    outdir: scratchDirectory(),
    builtinCloudFormationValidation: false,
  });
  return new Stack(app, 'Scratch');
}

/** A folder until the test is over. */
export function scratchDirectory(): string {
  const directory = newDirectory();
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'countersign-synth-'));

/** The one resource of this type whose logical id begins so. */
export function resourceOf(template: Template, type: string, idPrefix = ''): Resource {
  const found = Object.entries(template.findResources(type)).filter(([id]) =>
    id.startsWith(idPrefix),
  );
  const [[id, { Properties, DependsOn }] = ['', {}]] = found;
  if (found.length !== 1) throw new Error(`${found.length} resources ${type} ${idPrefix}`);
  return { id, Properties, DependsOn };
}

/** Its properties. */
export function propertiesOf(template: Template, type: string, idPrefix = ''): Properties {
  return resourceOf(template, type, idPrefix).Properties;
}

/** The variables of the function whose logical id begins so. */
export function environmentOf(template: Template, functionIdPrefix: string): Properties {
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', functionIdPrefix);
  return (Environment as { Variables: Properties }).Variables;
}
