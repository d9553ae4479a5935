import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { type Function as LambdaFunction, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { routesFolder } from '../../functions/authorizer/guard/environment.ts';
import type { RevocationCheckEnvironment } from '../../functions/authorizer/revocations/environment.ts';

/**
 * Finds out whether the handler of a function can have a guard, by the code that would be uploaded. It says
 * nothing where it cannot see that: inline code, images, archives, other languages, layers, and code that has
 * packages of its own.
 * @returns a sentence if it has none; undefined if it has one, or nobody can tell
 */
export function missingGuard(guarded: LambdaFunction): string | undefined {
  const folder = codeOf(guarded);
  const texts = textsIn(folder, guarded);
  if (folder === undefined || texts.length === 0 || isGuard(texts)) return undefined;
  if (existsSync(join(folder, 'node_modules'))) return undefined;
  const { path } = guarded.node;
  return texts.some((text) => importing.test(text))
    ? `the code of "${path}" imports countersign/guard, which is not in it, so that it fails at its cold start: ` +
        'bundle it, such as by NodejsFunction, or have its node_modules in it.'
    : `nothing in the code of "${path}" is a guard, so that whoever calls it gets in: wrap its handler by guard(handler) ` +
        'or middy(handler).use(accessTokenGuard()), both of countersign/guard.';
}

/**
 * Finds out whether the guard in the code of a function is of a version that does not ask what was taken back.
 * @returns a sentence if so; undefined if it does, or nobody can tell
 */
export function unawareGuard(guarded: LambdaFunction): string | undefined {
  const texts = textsIn(codeOf(guarded), guarded);
  // A guard that asks reads this variable.
  const variable: keyof RevocationCheckEnvironment = 'REVOCATION_LIST';
  if (!isGuard(texts) || texts.some((text) => text.includes(variable))) return undefined;
  return (
    `the guard in the code of "${guarded.node.path}" is of an earlier version, which lets in what was taken back, whatever ` +
    'refuseRevokedWithin says: bundle it with this version of countersign/guard.'
  );
}

// Each guard has this text in it, however it was bundled: there it looks for a long table.
const isGuard = (texts: readonly string[]): boolean =>
  texts.some((text) => text.includes(routesFolder));

const textsIn = (folder: string | undefined, guarded: LambdaFunction): readonly string[] =>
  folder === undefined
    ? []
    : scriptsIn(folder, handlerOf(guarded)).map((file) => readFileSync(file, 'utf8'));

const importing = /["'`]countersign\/guard["'`]/;

/** More than that nobody writes who has no packages in it; to read it all would take long. */
const mostFiles = 500;
const mostBytes = 20_000_000;

/** The folder with the code, as it was bundled; undefined: it is not all of the code, or no folder. */
function codeOf(guarded: LambdaFunction): string | undefined {
  const isNode = guarded.runtime.family === RuntimeFamily.NODEJS;
  if (!isNode || hasLayers(guarded) || !Stack.of(guarded).bundlingRequired) return undefined;
  const { assetPath }: { assetPath?: string } = Object(guarded.node.tryFindChild('Code'));
  if (assetPath === undefined) return undefined;
  const folder = resolve(Stage.of(guarded)?.assetOutdir ?? '', assetPath);
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? folder : undefined;
}

/** Beside that of the guard's own table of routes. */
function hasLayers(guarded: LambdaFunction): boolean {
  const own = guarded.node.tryFindChild('GuardRoutes') ? 1 : 0;
  return [propertyOf(guarded, 'layers')].flat().filter(Boolean).length > own;
}

/** The module with the handler, without its ending. */
const handlerOf = (guarded: LambdaFunction): string =>
  String(propertyOf(guarded, 'handler')).replace(/\.[^./]*$/, '');

const propertyOf = ({ node, stack }: LambdaFunction, name: string): unknown =>
  CfnResource.isCfnResource(node.defaultChild)
    ? stack.resolve(Object(node.defaultChild)[name])
    : undefined;

/** All scripts, if the one with the handler is among them and they are not too many. */
function scriptsIn(folder: string, handler: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.[cm]?js$/.test(name) && !name.split(sep).includes('node_modules'),
  );
  const hasHandler = ['.mjs', '.js', '.cjs'].some((end) => names.includes(handler + end));
  const files = names.map((name) => join(folder, name));
  const size = () => files.reduce((bytes, file) => bytes + statSync(file).size, 0);
  return hasHandler && files.length <= mostFiles && size() <= mostBytes ? files : [];
}
