import { installPython, programs } from './python-tool.ts';
import type { Tool } from './tool.ts';

/** The CDK's libraries for Python. */
export const cdkPython: Tool = {
  title: 'CDK in Python',
  install: async (preparation) => {
    await installPython('cdk', preparation);
    return {};
  },
};

/** Where the Python is that has them. */
export const cdkPythonPrograms = programs('cdk');
