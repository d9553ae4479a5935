import { tmpdir } from 'node:os';
import manifest from '../../../package.json' with { type: 'json' };
import { environment } from '../../deploy/emulator.ts';
import { samProgram, samPython } from '../../tools/installation/sam.ts';
import { type } from './shell.ts';

/** The programs of the walkthrough, with their versions. */
export async function versions(): Promise<readonly string[]> {
  const programs = {
    npm: 'npm --version',
    Python: `${samPython} --version`,
    SAM: `${samProgram} --version`,
    'AWS CLI': 'aws --version',
    curl: 'curl --version | head -n 1',
  };
  const found = await Promise.all(
    Object.entries(programs).map(async ([name, line]) => {
      const version = /\d+(\.\d+)+/.exec((await said(line)) ?? '')?.[0];
      return version === undefined ? [] : [`${name} ${version}`];
    }),
  );
  const { 'aws-cdk': cdk } = manifest.devDependencies;
  return [`Node ${process.version.slice(1)}`, `aws-cdk ${cdk}`, ...found.flat()];
}

async function said(line: string): Promise<string | undefined> {
  const { text, exitCode } = await type({ folder: tmpdir(), variables: environment }, line);
  return exitCode === 0 ? text : undefined;
}
