import { join } from 'node:path';
import { cdkPythonPrograms } from '../installation/cdk-python.ts';
import { attach } from './folder.ts';
import { run } from './running.ts';

const cdk = join(import.meta.dirname, '../../../node_modules/.bin/cdk');

/** Runs `cdk` for an app in Python, and gives what it printed. */
export const runCdkPython = (app: string, parameters: readonly string[]): Promise<string> =>
  run(cdk, [...parameters, '--app', `python ${app}`, '--no-notices', '--no-color'], {
    folder: join(attach, 'cdk-python'),
    variables: { PYTHONDONTWRITEBYTECODE: '1' },
    programs: cdkPythonPrograms,
  });
