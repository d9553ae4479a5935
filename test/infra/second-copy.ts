import { copyFileSync, linkSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const installed = resolve(import.meta.dirname, '../../node_modules');

/** What a test needs of a copy of the CDK; to the compiler it is the same one. */
export interface CdkCopy {
  readonly core: typeof import('aws-cdk-lib');
  readonly apigateway: typeof import('aws-cdk-lib/aws-apigateway');
  readonly apigatewayv2: typeof import('aws-cdk-lib/aws-apigatewayv2');
  readonly authorizers: typeof import('aws-cdk-lib/aws-apigatewayv2-authorizers');
  readonly integrations: typeof import('aws-cdk-lib/aws-apigatewayv2-integrations');
  readonly lambda: typeof import('aws-cdk-lib/aws-lambda');
}

/**
 * Gives a project its own copies of some packages, as a second `npm ci` would, and of all others those that are
 * installed here. Node loads each copy anew.
 */
export function installCopies(project: string, names: readonly string[]): void {
  const modules = join(project, 'node_modules');
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(installed)) {
    if (names.includes(name)) copy(join(installed, name), join(modules, name));
    else symlinkSync(join(installed, name), join(modules, name));
  }
}

/** The CDK as the project has it. */
export function cdkOf(project: string): CdkCopy {
  const load = createRequire(join(project, 'app.js'));
  return {
    core: load('aws-cdk-lib'),
    apigateway: load('aws-cdk-lib/aws-apigateway'),
    apigatewayv2: load('aws-cdk-lib/aws-apigatewayv2'),
    authorizers: load('aws-cdk-lib/aws-apigatewayv2-authorizers'),
    integrations: load('aws-cdk-lib/aws-apigatewayv2-integrations'),
    lambda: load('aws-cdk-lib/aws-lambda'),
  };
}

/** What Node loads, by hard links where source and target are on one disk: they are quick. */
function copy(source: string, target: string): void {
  mkdirSync(target);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.name === 'node_modules') symlinkSync(from, to);
    else if (entry.isDirectory()) copy(from, to);
    else if (/\.js(on)?$/.test(entry.name)) linkOrCopy(from, to);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
