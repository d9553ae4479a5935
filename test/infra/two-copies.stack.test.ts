import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, test } from 'vitest';
import {
  AccessTokenAuthorizer,
  AccessTokenGuard,
  AuthorizationServer,
  CountersignStack,
} from '../../infra/index.ts';
import { synthesizeApp } from './http-attachments.ts';
import { cdkOf, installCopies } from './second-copy.ts';
import { environmentOf, scratchStack } from './synthesis.ts';

const root = resolve(import.meta.dirname, '../..');
const api = { issuer: 'https://auth.example.com', audience: 'https://api.example.com' };
const routes = { 'GET /orders': ['read'] };
const boundTokens = { publicUrl: 'https://api.example.com' };
const httpApis = [{ apiId: 'named' } as IHttpApi];

const folder = mkdtempSync(join(tmpdir(), 'countersign-copies-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A project with its own copies of these packages. */
function projectWith(names: readonly string[]): string {
  const project = join(folder, names.join('-'));
  if (!existsSync(project)) installCopies(project, names);
  return project;
}

describe.for([[['aws-cdk-lib']], [['aws-cdk-lib', 'constructs']]])(
  'a second copy of %j',
  ([names = []]) => {
    const theirs = cdkOf(projectWith(names));

    /** A function of the other copy's class. */
    const theirFunction = (scope: Stack) =>
      new theirs.lambda.Function(scope, 'Theirs', {
        code: theirs.lambda.Code.fromInline('exports.handler = () => {}'),
        handler: 'index.handler',
        runtime: theirs.lambda.Runtime.NODEJS_LATEST,
        timeout: theirs.core.Duration.seconds(10),
      });

    test('is another one indeed', () => {
      expect(theirs.core.Stack).not.toBe(Stack);
      expect(new theirs.core.Stack(new theirs.core.App(), 'Theirs')).not.toBeInstanceOf(Stack);
    });

    describe('a scope that it made is refused, with a sentence that says what to do', () => {
      const sentence = (what: string) =>
        `there are two copies of aws-cdk-lib: ${what} is made by another one than countersign imports, which is in ` +
        `${join(root, 'node_modules/aws-cdk-lib')}: see with npm ls aws-cdk-lib who brings them, and leave one.`;

      const constructs: Readonly<Record<string, (scope: Stack) => unknown>> = {
        AccessTokenAuthorizer: (scope) =>
          new AccessTokenAuthorizer(scope, 'Refused', { ...api, routes }),
        AccessTokenGuard: (scope) =>
          new AccessTokenGuard(scope, 'Refused', {
            ...api,
            routes,
            boundTokens,
            function: theirFunction(scope),
            httpApis,
          }),
        AuthorizationServer: (scope) => new AuthorizationServer(scope, 'Refused'),
        CountersignStack: (scope) => new CountersignStack(scope.node.root, 'Refused'),
      };

      test.for(Object.entries(constructs))('by %s, in its app', ([, make]) => {
        const stack = new theirs.core.Stack(new theirs.core.App(), 'Theirs');
        expect(() => make(stack)).toThrow(sentence('the app'));
        expect(stack.node.tryFindChild('Refused')).toBeUndefined();
      });

      test.for(Object.entries(constructs))('by %s, though the stack is of ours', ([, make]) => {
        expect(() => make(new Stack(new theirs.core.App(), 'Ours'))).toThrow(sentence('the app'));
      });

      test('a stack, though the app is of ours', () => {
        const stack = new theirs.core.Stack(scratchStack().node.root, 'Theirs');
        expect(() => new AuthorizationServer(stack, 'Refused')).toThrow(sentence('"Theirs"'));
      });

      test('a stage, though the app and the stack are of ours', () => {
        const stage = new theirs.core.Stage(scratchStack().node.root, 'Theirs');
        const inside = new Stack(stage, 'Ours');
        expect(() => new AuthorizationServer(inside, 'Refused')).toThrow(sentence('"Theirs"'));
        expect(() => new CountersignStack(stage, 'Refused')).toThrow(sentence('"Theirs"'));
      });

      test('the stack of a function that is to be guarded', () => {
        const stack = scratchStack();
        const guarded = theirFunction(new theirs.core.Stack(stack.node.root, 'Theirs'));
        const props = { ...api, routes, boundTokens, function: guarded, httpApis };
        expect(() => new AccessTokenGuard(stack, 'Guard', props)).toThrow(sentence('"Theirs"'));
      });
    });

    describe('what it adds to an app of ours is seen', () => {
      // Stacks of two copies can refer to each other only where their environment is written out.
      const env = { account: '111122223333', region: 'eu-west-1' };
      const ourStack = () => new Stack(scratchStack().node.root, 'Ours', { env });
      const scopes: Readonly<Record<string, (stack: Stack) => Stack>> = {
        'in a stack of ours': (stack) => stack,
        'in a stack of its own': ({ node }) => new theirs.core.Stack(node.root, 'Theirs', { env }),
      };

      test.for(Object.entries(scopes))('D18: a cache before bound tokens, %s', ([, scopeIn]) => {
        const stack = ourStack();
        const props = { ...api, routes, boundTokens, httpApis };
        const made = new AccessTokenAuthorizer(stack, 'Authorizer', props);
        const scope = scopeIn(stack);
        new theirs.apigatewayv2.HttpApi(scope, 'Api').addRoutes({
          path: '/orders',
          methods: [theirs.apigatewayv2.HttpMethod.GET],
          integration: new theirs.integrations.HttpUrlIntegration('Any', 'https://example.com'),
          authorizer: new theirs.authorizers.HttpLambdaAuthorizer('Mine', made.function, {
            resultsCacheTtl: Duration.seconds(300),
          }),
        });
        expect(() => synthesizeApp(stack)).toThrow(
          /keeps the answers of "Ours\/Authorizer\/Function" for 300 seconds, but with boundTokens/,
        );
      });

      test.for(Object.entries(scopes))('I16: a method that is not listed, %s', ([, scopeIn]) => {
        const stack = ourStack();
        const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes });
        const scope = scopeIn(stack);
        const handler = theirs.lambda.Function.fromFunctionArn(
          scope,
          'F',
          made.function.functionArn,
        );
        const authorizer = new theirs.apigateway.TokenAuthorizer(scope, 'Mine', { handler });
        const { root } = new theirs.apigateway.RestApi(scope, 'Api', { deploy: false });
        for (const path of ['/orders', '/orders/{id}']) {
          const integration = new theirs.apigateway.MockIntegration();
          root.resourceForPath(path).addMethod('GET', integration, { authorizer });
        }
        expect(() => synthesizeApp(stack)).toThrow('routes does not list "GET /orders/{id}"');
      });

      test.for(Object.entries(scopes))('I11: a broader route, %s', ([, scopeIn]) => {
        const stack = ourStack();
        const listed = { ...routes, $default: [] };
        const made = new AccessTokenAuthorizer(stack, 'Authorizer', { ...api, routes: listed });
        new theirs.apigatewayv2.HttpApi(scopeIn(stack), 'Api').addRoutes({
          path: '/{proxy+}',
          integration: new theirs.integrations.HttpUrlIntegration('Any', 'https://example.com'),
          authorizer: new theirs.authorizers.HttpLambdaAuthorizer('Mine', made.function, {
            resultsCacheTtl: Duration.seconds(0),
          }),
        });
        expect(() => synthesizeApp(stack)).toThrow(
          /routes lists "GET \/orders", but ".*\/Api" serves it by "ANY \/\{proxy\+\}"/,
        );
      });
    });

    test('D14: a guard takes a function of its class, and no imported one', () => {
      const stack = scratchStack();
      const props = { ...api, routes, boundTokens, httpApis };
      new AccessTokenGuard(stack, 'Guard', { ...props, function: theirFunction(stack) });
      const variables = environmentOf(Template.fromStack(stack), 'Theirs');
      expect(variables).toHaveProperty('COUNTERSIGN_ISSUER', api.issuer);
      const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:theirs';
      const imported = theirs.lambda.Function.fromFunctionArn(stack, 'Imported', arn);
      const guarded = imported as LambdaFunction;
      expect(() => new AccessTokenGuard(stack, 'Other', { ...props, function: guarded })).toThrow(
        'function must be one that is made in this app, not an imported one.',
      );
    });
  },
);

describe('an app that has Countersign in a folder', () => {
  /** Runs an app that imports the constructs from this folder of the project. */
  function run(project: string, countersign: string) {
    const script = `import { App } from 'aws-cdk-lib';
      import { CountersignStack } from './${countersign}/infra/index.ts';
      new CountersignStack(new App(), 'Countersign');`;
    writeFileSync(join(project, `${countersign}.mjs`), script);
    return promisify(execFile)(process.execPath, [`${countersign}.mjs`], { cwd: project });
  }

  test('with packages of its own stops and says so', async () => {
    const project = projectWith(['aws-cdk-lib', 'constructs']);
    symlinkSync(root, join(project, 'own-packages'));
    await expect(run(project, 'own-packages')).rejects.toMatchObject({
      stderr: expect.stringContaining('ConfigurationError: there are two copies of aws-cdk-lib'),
    });
  });

  test('without them runs', async () => {
    const project = projectWith(['aws-cdk-lib', 'constructs']);
    for (const part of ['infra', 'registry', 'functions', 'dist', 'cdk.json', 'package.json']) {
      cpSync(join(root, part), join(project, 'no-packages', part), { recursive: true });
    }
    await expect(run(project, 'no-packages')).resolves.toMatchObject({ stderr: '' });
  });
});
