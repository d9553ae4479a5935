import { join } from 'node:path';
import { installPython, programs } from './python-tool.ts';
import type { Tool } from './tool.ts';

/** AWS SAM's command line. */
export const sam: Tool = {
  title: 'SAM',
  install: async (preparation) => {
    await installPython('sam', preparation);
    return {};
  },
};

/** The program, and the Python that has its libraries. */
export const samProgram = join(programs('sam'), 'sam');
export const samPython = join(programs('sam'), 'python');
