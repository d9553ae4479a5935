import { succeed, type Tool } from './tool.ts';

/** AWS's own command line, which has to be installed. */
export const awsCli: Tool = {
  title: 'AWS CLI',
  install: async (preparation) => {
    await succeed(preparation, 'aws', ['--version']);
    return {};
  },
};
