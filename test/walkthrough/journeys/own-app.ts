import type { Journey } from '../running/journey.ts';
import {
  bootstrap,
  calling,
  cdk,
  deploying,
  destroy,
  least,
  registering,
  synth,
  tarball,
} from './common.ts';
import { guardedApi, indented, moduleImports, ownServer, requires } from './owner-stack.ts';

/** Where the two APIs of a stack are that has the server and what it guards. */
const leads = (stack: string) => ({
  issuer: { stack, prefix: 'AuthorizationServer' },
  api: { stack, prefix: 'OrdersApi' },
});

const deployed = (stack: string) => [
  bootstrap,
  synth,
  { command: deploying, leads: leads(stack) },
  ...registering,
  ...calling,
  destroy,
];

/** What `cdk init` makes today. */
export const cdkInit: Journey = {
  title: '`cdk init`, and three lines',
  folder: 'shop',
  about: 'An app as `cdk init` makes it today: its compiler, its options, its own `tsconfig.json`.',
  steps: [
    { command: `npx --yes aws-cdk@${cdk} init app --language typescript` },
    { command: `npm install ${tarball}` },
    {
      file: 'lib/shop-stack.ts',
      text: `import { Stack, type StackProps } from 'aws-cdk-lib';
${moduleImports}
import type { Construct } from 'constructs';
import { AccessTokenAuthorizer, AuthorizationServer } from 'countersign';

export class ShopStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
${indented(`${ownServer('this')}\n${guardedApi('this')}`, 4)}
  }
}
`,
    },
    { command: 'npx tsc --noEmit' },
    ...deployed('ShopStack'),
  ],
};

const emptyApp = (run: string) => ({
  file: 'cdk.json',
  text: `${JSON.stringify({ app: run }, undefined, 2)}\n`,
});

/** As apps were made for years. */
export const tsNode: Journey = {
  title: 'CommonJS, with ts-node',
  folder: 'older',
  about: 'As `cdk init` made apps for years: CommonJS, TypeScript 5.9, ts-node.',
  steps: [
    { command: 'npm init -y' },
    { command: 'npm pkg set type=commonjs' },
    { command: `npm install aws-cdk-lib constructs ${tarball}` },
    {
      command: `npm install --save-dev aws-cdk@${cdk} ts-node@10.9.2 typescript@5.9.3 @types/node@22`,
    },
    emptyApp('npx ts-node app.ts'),
    {
      file: 'tsconfig.json',
      text: `${JSON.stringify({ compilerOptions: { target: 'ES2022', module: 'CommonJS', moduleResolution: 'node10', strict: true } }, undefined, 2)}\n`,
    },
    {
      file: 'app.ts',
      text: `import { App, Stack } from 'aws-cdk-lib';
${moduleImports}
import { AccessTokenAuthorizer, AuthorizationServer } from 'countersign';

const stack = new Stack(new App(), 'Older');
${ownServer('stack')}
${guardedApi('stack')}
`,
    },
    ...deployed('Older'),
  ],
};

/** Nothing newer than has to be. */
export const leastLibrary: Journey = {
  title: 'The least aws-cdk-lib',
  folder: 'least',
  about:
    'The least versions that `peerDependencies` of the package allows, in plain JavaScript, which is CommonJS.',
  steps: [
    { command: 'npm init -y' },
    { command: 'npm pkg set type=commonjs' },
    {
      command: `npm install aws-cdk-lib@${least('aws-cdk-lib')} constructs@${least('constructs')} ${tarball}`,
    },
    { command: `npm install --save-dev aws-cdk@${cdk}` },
    emptyApp('node app.js'),
    {
      file: 'app.js',
      text: `const { App, Stack } = require('aws-cdk-lib');
${requires}
const { AccessTokenAuthorizer, AuthorizationServer } = require('countersign');

const stack = new Stack(new App(), 'Least');
${ownServer('stack')}
${guardedApi('stack')}
`,
    },
    ...deployed('Least'),
  ],
};
