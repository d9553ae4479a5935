import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, CountersignSettings, CountersignStack } from '../../infra/index.ts';
import { settingsFile } from './settings-files.ts';
import { scratchDirectory } from './synthesis.ts';

const propsOf = (settings: object) =>
  CountersignSettings.fromFile(settingsFile(JSON.stringify(settings)));

describe('the settings in a file become properties', () => {
  test('nothing set', () => {
    expect(propsOf({})).toEqual({});
    expect(propsOf({ $schema: './node_modules/countersign/dist/countersign.schema.json' })).toEqual(
      {},
    );
  });

  test('in the units of the file', () => {
    const props = propsOf({
      stackName: 'Second',
      region: 'eu-central-1',
      account: '011122223333',
      issuer: 'https://auth.example.com',
      replacesIssuer: 'https://old.example.com',
      accessTokenLifetime: 600,
      keyRotationDays: 30,
      throttle: 100,
      corsOrigins: ['https://console.example.com'],
      strictClientSecretMethod: true,
    });
    expect(props).toEqual({
      stackName: 'Second',
      env: { region: 'eu-central-1', account: '011122223333' },
      issuer: 'https://auth.example.com',
      replacesIssuer: 'https://old.example.com',
      accessTokenLifetime: Duration.seconds(600),
      keyRotationInterval: Duration.days(30),
      throttle: { rateLimit: 100 },
      corsOrigins: ['https://console.example.com'],
      strictClientSecretMethod: true,
    });
    expect(propsOf({ region: 'eu-central-1' })).toEqual({ env: { region: 'eu-central-1' } });
  });

  test('a path is relative to the file', () => {
    const paths = { mtlsTruststore: 'tls/truststore.pem', claimsHook: './claims.mjs' };
    const file = settingsFile(JSON.stringify(paths));
    expect(CountersignSettings.fromFile(file)).toEqual({
      mtlsTruststore: join(file, '../tls/truststore.pem'),
      claimsHook: join(file, '../claims.mjs'),
    });
  });

  test('a byte order mark before it is no mistake', () => {
    expect(CountersignSettings.fromFile(settingsFile('\uFEFF{ "throttle": 5 }\r\n'))).toEqual({
      throttle: { rateLimit: 5 },
    });
  });

  test('a stack takes them', () => {
    const app = new App({ outdir: scratchDirectory() });
    const props = propsOf({ stackName: 'Second', issuer: 'https://auth.example.com' });
    const stack = new CountersignStack(app, 'Countersign', props);
    expect(stack.stackName).toBe('Second');
    Template.fromStack(stack).hasOutput('Issuer', { Value: 'https://auth.example.com' });
  });
});

describe('what is wrong in a file is one sentence, with its place', () => {
  test.for([
    [
      '{\n  "isuer": "https://auth.example.com"\n}',
      ':2:3: isuer is no setting of Countersign, did you mean issuer; the settings are stackName, ',
    ],
    ['{\n  "colour": 1\n}', ':2:3: colour is no setting of Countersign; the settings are '],
    ['{ "demoApiUrl": "https://api.example.com" }', ':1:3: demoApiUrl is no setting'],
    ['{ "toString": 1 }', ':1:3: toString is no setting'],
    [
      '{\n  "throttle": 5,\n  "accessTokenLifetime": 59\n}',
      ':3:26: accessTokenLifetime is 59, but it must be whole seconds from 60 to 86400.',
    ],
    [
      '{ "accessTokenLifetime": "600" }',
      ':1:26: accessTokenLifetime is "600", but it must be whole',
    ],
    ['{ "strictClientSecretMethod": "true" }', ':1:31: strictClientSecretMethod is "true", but it'],
    ['{ "corsOrigins": "https://a.example" }', ':1:18: corsOrigins is "https://a.example", but it'],
    ['{ "issuer": null }', ':1:13: issuer is null, but it must be the origin'],
    [
      '{ "account": 111122223333 }',
      ':1:14: account is 111122223333, but it must be the id of an AWS',
    ],
    ['{ "region": "frankfurt" }', ':1:13: region is "frankfurt", but it must be an AWS Region'],
    ['{ "stackName": "a_b" }', ':1:16: stackName is "a_b", but it must be the name of a stack'],
    ['{ "throttle": 5,\n  "throttle": 6 }', ':2:3: throttle is set twice: take one of both out.'],
    ['[]', ':1:1: must have one JSON object in it: { ... }.'],
    ['{ "throttle": 5, }', ':1:18: is no JSON from here on: Unexpected } found.'],
    [
      '{\n  "throttle": 5\n  "tokenThrottle": 5\n}',
      ':3:3: is no JSON from here on: Unexpected text found.',
    ],
    ["{ 'throttle': 5 }", ":1:3: is no JSON from here on: Unexpected character ''' found."],
    ['{ // a comment\n}', ':1:3: is no JSON from here on: '],
    ['{ "throttle": 5', ':1:16: is no JSON from here on: '],
    ['', ':1:1: is no JSON from here on: '],
  ])('%j', ([text = '', sentence = '']) => {
    const file = settingsFile(text);
    expectError(() => CountersignSettings.fromFile(file), file + sentence);
  });

  test('a file that cannot be read', () => {
    const folder = scratchDirectory();
    const absent = join(folder, 'absent.json');
    expectError(
      () => CountersignSettings.fromFile(absent),
      `The settings in ${absent} cannot be read: there is no such file; npx countersign init makes an app with one.`,
    );
    mkdirSync(join(folder, 'sub'));
    expectError(
      () => CountersignSettings.fromFile(join(folder, 'sub')),
      `The settings in ${folder}/sub cannot be read: it is a folder.`,
    );
    const latin = settingsFile(Buffer.from('{ "stackName": "\xe4" }', 'latin1'));
    expectError(
      () => CountersignSettings.fromFile(latin),
      `The settings in ${latin} cannot be read: it is no text in UTF-8.`,
    );
  });

  test('and no stack trace of the parser: the error is a ConfigurationError of one line', () => {
    expect(() => CountersignSettings.fromFile(settingsFile('{,}'))).toThrow(ConfigurationError);
    expect(() => CountersignSettings.fromFile(settingsFile('{,}'))).not.toThrow('\n');
  });
});

function expectError(run: () => unknown, beginning: string): void {
  let message = '';
  try {
    run();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    message = error.message;
  }
  expect(message.slice(0, beginning.length)).toBe(beginning);
}
