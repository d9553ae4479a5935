import { basename, sep } from 'node:path';

/**
 * By which name the command line can be called again: `countersign` where that is a command of its own,
 * `npx countersign` where it belongs to a project.
 * @param script the path that the process runs
 */
export const programName = (script: string): string =>
  basename(script) === 'countersign' && !script.split(sep).includes('node_modules')
    ? 'countersign'
    : 'npx countersign';
