import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deployedApi } from '../../local/deployment/deployed-api.ts';
import { close, listen } from '../../local/io/http-server.ts';
import { createResolver } from '../../local/template/resolver.ts';
import type { StackTemplate } from '../../local/template/stack-template.ts';
import { apiTemplate, stackOf } from './api-template.ts';
import { returning, startTestFunction } from './test-api.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Stack-F';

/** Deploys an API whose function answers anything and authorizes everybody. */
async function deployApi(stack: StackTemplate, arn = functionArn) {
  const log: string[] = [];
  const lambda = await startTestFunction(returning('{ isAuthorized: true }'));
  const resolve = createResolver([stack], { apiEndpoint: () => '', keyIds: new Map() });
  const functions = new Map([[arn, lambda]]);
  const surroundings = { functions, now: () => 0, log: (line: string) => log.push(line) };
  const server = createServer(deployedApi(stack, resolve, surroundings));
  onTestFinished(() => close(server));
  const url = `http://127.0.0.1:${await listen(server)}`;
  return { log, get: () => fetch(url, { headers: { authorization: 'x' } }) };
}

const permitted = (sources: readonly string[]): StackTemplate => {
  const api = apiTemplate();
  const permission = (source: string) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn,
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:us-east-1:000000000000:a/${source}`,
    },
  });
  const permissions = sources.map((source, index) => [`P${index}`, permission(source)]);
  return stackOf({ ...api.resources, ...Object.fromEntries(permissions) });
};

describe('the API of a stack', () => {
  test('calls its functions where they permit it', async () => {
    const { get } = await deployApi(permitted(['*/*/', 'authorizers/Z']));
    expect((await get()).status).toBe(200);
  });

  test.for([
    ['authorizer', ['*/*/']],
    ['route', ['authorizers/Z', '*/*/other']],
  ] as const)('answers 500 where a permission is missing: %s', async ([, sources]) => {
    const { get, log } = await deployApi(permitted(sources));
    expect((await get()).status).toBe(500);
    expect(log[0]).toContain('no permission lets arn:aws:execute-api');
  });

  test('that calls a function which does not exist is an error', async () => {
    await expect(deployApi(permitted([]), 'another')).rejects.toThrow(
      `an API calls ${functionArn}, which does not exist`,
    );
  });

  test('is an error when there is none', async () => {
    await expect(deployApi(stackOf({}))).rejects.toThrow('the stack Stack has not one HTTP API');
  });
});
