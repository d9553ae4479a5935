import { basename } from 'node:path';
import type { Journey } from '../running/journey.ts';
import { bootstrap, calling, deploying, destroy, registering, synth, tarball } from './common.ts';
import { guardedApi, moduleImports } from './owner-stack.ts';

/** The quick start of the README. */
export const init: Journey = {
  title: '`countersign init`',
  folder: 'mine',
  about:
    'The README\'s "Quick start in AWS", and then an API in a second app, which knows no more of the server than its issuer.',
  steps: [
    { command: 'npm init -y' },
    { command: `cp ${tarball} .` },
    { command: `npm install ./${basename(tarball)}` },
    { command: 'npx countersign init auth', prints: /countersign\.json/ },
    { command: 'cd auth && npm install' },
    // What the emulator needs, and AWS does not.
    {
      command: `echo '{ "issuer": "'$ISSUER'" }' > countersign.json`,
    },
    bootstrap,
    synth,
    { command: deploying, prints: /Issuer = /, leads: { issuer: { stack: 'Countersign' } } },
    ...registering,
    {
      file: 'orders.mjs',
      text: `import { App, Stack } from 'aws-cdk-lib';
${moduleImports}
import { AccessTokenAuthorizer, AuthorizationServer } from 'countersign';

const stack = new Stack(new App(), 'Orders');
const server = AuthorizationServer.fromAttributes(stack, 'Server', { issuer: process.env.ISSUER });
${guardedApi('stack')}
`,
    },
    { command: `${deploying} --app 'node orders.mjs'`, leads: { api: { stack: 'Orders' } } },
    ...calling,
    { command: "npx cdk destroy --all --force --app 'node orders.mjs'" },
    destroy,
  ],
};
