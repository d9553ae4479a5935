import { join } from 'node:path';
import { pythonOf } from './ministack/virtual-environment.ts';

const environment = join(import.meta.dirname, '../../.ministack');

/** The Python that has the emulator. */
export const python = pythonOf(environment);

/** AWS's linter of CloudFormation templates. */
export const cfnLint = join(environment, 'bin', 'cfn-lint');
