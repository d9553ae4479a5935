import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { transformSync } from 'esbuild';
import type { HttpResponse } from '../../functions/http/response.ts';
import type { Asked, Told } from './lambda-instance-process.ts';

/** What an instance has told of one invocation, and of its own start. */
type Invocation = Omit<Extract<Told, { readonly response: unknown }>, 'response'> & {
  readonly response: HttpResponse;
};

/** One execution environment of a function: a process that has nothing but what Lambda gives it. */
export interface Instance {
  /** Invokes the handler; `environment` is changed before. Without an event: waits for the import alone. */
  invoke(event?: object, environment?: Asked['environment']): Promise<Invocation>;
  /** Ends it, and gives all that it has written. */
  stop(): Promise<string>;
}

/** The variables that Lambda sets, and those by which a function finds services that are elsewhere. */
export const lambdaEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'a-function',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'a-session-token',
  AWS_ENDPOINT_URL: endpoint,
});

// As JavaScript: to strip it of its types would take Node longer than some bundles take to start.
const { code: program } = transformSync(
  readFileSync(new URL('./lambda-instance-process.ts', import.meta.url), 'utf8'),
  { loader: 'ts' },
);

/** Starts a bundle, which need not be ready yet. */
export function startInstance(
  bundle: string,
  environment: Readonly<Record<string, string>>,
): Instance {
  const args = ['--input-type=module', '--eval', program, bundle];
  const child = spawn(process.execPath, args, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const written = Promise.all([child.stdout, child.stderr].map(writtenTo));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    async invoke(event, changes = {}) {
      const told = nextMessage(child);
      child.send({ event, environment: changes } satisfies Asked);
      const invocation = await told;
      if ('failed' in invocation) throw new Error(invocation.failed);
      return invocation as Invocation;
    },
    async stop() {
      child.kill();
      await ended;
      return (await written).join('');
    },
  };
}

const writtenTo = async (stream: ChildProcess['stdout']): Promise<string> =>
  stream === null ? '' : text(stream);

function nextMessage(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the function exited with ${code}`));
    child.once('exit', ended);
    child.once('message', (told: Told) => {
      child.removeListener('exit', ended);
      resolve(told);
    });
  });
}
