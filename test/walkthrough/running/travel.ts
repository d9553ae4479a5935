import { copyFile, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { physicalIds } from '../../deploy/deployed-stack.ts';
import { type Domain, openDomain } from '../../deploy/domain.ts';
import { endpoint, environment } from '../../deploy/emulator.ts';
import { region } from '../../deploy/ministack/environment.ts';
import { cdkPythonPrograms } from '../../tools/installation/cdk-python.ts';
import { samProgram } from '../../tools/installation/sam.ts';
import { cleaner, shortened } from '../report/clean.ts';
import { npmVariables, tarball } from './given.ts';
import type { ApiPlace, Command, Journey, Outcome, Step, Travelled } from './journey.ts';
import { pathOf, type Shell, type } from './shell.ts';

const project = resolve(import.meta.dirname, '../../..');

/**
 * Goes through a journey in a folder of its own, where the package is the tarball's.
 * @throws Error at the first step that does not come out as it should
 */
export async function travel({ title, about, folder, steps }: Journey): Promise<Travelled> {
  await using issuer = await openDomain();
  await using api = await openDomain();
  const home = await mkdtemp(join(tmpdir(), 'home-'));
  const shell = await openShell(home, folder, { ISSUER: issuer.origin, API: api.origin });
  const clean = cleaner({
    [home]: '~',
    [issuer.origin]: 'ISSUER',
    [api.origin]: 'API',
    [endpoint]: 'EMULATOR',
  });
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await take(step, shell, clean, { issuer, api }));
  return { title, about, outcomes };
}

/** Of a person whose folder has nothing but the package beside it. */
async function openShell(
  home: string,
  folder: string,
  own: Readonly<Record<string, string>>,
): Promise<Shell> {
  const programs = join(home, '.programs');
  for (const name of [programs, join(home, folder)]) await mkdir(name);
  await symlink(process.execPath, join(programs, 'node'));
  await copyFile(tarball, join(home, basename(tarball)));
  // Each has a Python of its own, and `python` is to be that of the CDK.
  const first = [programs, cdkPythonPrograms, dirname(samProgram)];
  const variables = {
    ...environment,
    PATH: pathOf(first, environment.PATH),
    HOME: home,
    AWS_DEFAULT_REGION: region,
    AWS_PAGER: '',
    SAM_CLI_TELEMETRY: '0',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_COLOR: '1',
    CI: 'true',
    ...npmVariables,
    npm_config_update_notifier: 'false',
    ...own,
  };
  return { folder: join(home, folder), variables };
}

type Domains = Readonly<Record<'issuer' | 'api', Domain>>;

async function take(
  step: Step,
  shell: Shell,
  clean: (text: string) => string,
  domains: Domains,
): Promise<Outcome> {
  if ('file' in step) {
    await writeFile(join(shell.folder, step.file), step.text);
    return step;
  }
  const { text, exitCode, seconds } = await type(shell, step.command);
  const printed = clean(text);
  process.stdout.write(`$ ${step.command}    # ${seconds.toFixed(1)} s\n${shortened(printed)}\n`);
  const fail = (why: string) => new Error(`${step.command} ${why}:\n${printed}`);
  if (exitCode !== 0) throw fail(`ended with ${exitCode}`);
  if (text.includes(project)) throw fail('knows of the checkout');
  if (step.prints && !step.prints.test(text)) throw fail(`did not print ${step.prints}`);
  for (const [name, pattern] of Object.entries(step.gives ?? {})) {
    const [, value] = pattern.exec(text) ?? [];
    if (value === undefined) throw fail(`gave no ${name}`);
    shell.variables[name] = value;
  }
  await lead(step, domains);
  return { command: step.command, printed, seconds };
}

async function lead({ leads = {} }: Command, domains: Domains): Promise<void> {
  for (const name of ['issuer', 'api'] as const) {
    const place = leads[name];
    if (place !== undefined) domains[name].leadTo(await apiAt(place), stages[place.kind ?? 'HTTP']);
  }
}

const types = { HTTP: 'AWS::ApiGatewayV2::Api', REST: 'AWS::ApiGateway::RestApi' };
const stages = { HTTP: '$default', REST: 'prod' };

async function apiAt({ stack, prefix, kind = 'HTTP' }: ApiPlace): Promise<string> {
  const [id] = await physicalIds(stack, types[kind], prefix);
  if (id === undefined) throw new Error(`${stack} has no API ${prefix ?? ''}`);
  return id;
}
