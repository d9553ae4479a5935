import { describe, expect, test } from 'vitest';
import { AccessTokenAuthorizer } from '../../infra/authorizer/access-token-authorizer.ts';
import { AccessTokenGuard } from '../../infra/authorizer/access-token-guard.ts';
import { AuthorizationServer } from '../../infra/server/authorization-server.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import { scratchStack } from './synthesis.ts';

// An app in JavaScript, such as that of `countersign init`, has no compiler that looks at the values of properties.

type Props = Readonly<Record<string, unknown>>;

const orders = {
  issuer: 'https://auth.example.com',
  audience: 'https://orders.example.com',
  routes: { 'GET /orders': ['orders:read'] },
};

describe('one sentence for a value of the wrong type', () => {
  test.for([
    [
      { accessTokenLifetime: 3600 },
      'accessTokenLifetime is 3600, but it must be a Duration, such as',
    ],
    [{ keyRotationInterval: 90 }, 'keyRotationInterval is 90, but it must be a Duration, such as'],
    [{ clientCache: null }, 'clientCache is null, but it must be a Duration, such as'],
    [
      { alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:alarms' },
      'alarmTopic is "arn:aws:sns:eu-west-1:111122223333:alarms", but it must be a Topic,',
    ],
    [
      { issuer: 'https://auth.example.com', issuerCertificate: 'arn:aws:acm' },
      'issuerCertificate is "arn:aws:acm", but it must be what Certificate.fromCertificateArn() gives.',
    ],
    [
      { corsOrigins: 'https://a.example' },
      'corsOrigins is "https://a.example", but it must be a list.',
    ],
  ] as const)('AuthorizationServer %j', ([props, sentence]) => {
    const made = () => new AuthorizationServer(scratchStack(), 'Server', props as Props);
    expect(made).toThrow(ConfigurationError);
    expect(made).toThrow(sentence);
  });

  test.for([
    [{ routes: undefined }, 'routes is undefined, but it must be an object, such as'],
    [{ routes: 'GET /orders' }, 'routes is "GET /orders", but it must be an object, such as'],
    [
      { issuer: undefined, server: 'https://auth.example.com' },
      'server is "https://auth.example.com", but it must be an AuthorizationServer,',
    ],
    [{ resultsCacheTtl: 60 }, 'resultsCacheTtl is 60, but it must be a Duration, such as'],
  ] as const)('AccessTokenAuthorizer %j', ([props, sentence]) => {
    const made = () =>
      new AccessTokenAuthorizer(scratchStack(), 'Authorizer', { ...orders, ...props } as never);
    expect(made).toThrow(ConfigurationError);
    expect(made).toThrow(sentence);
  });

  test('AccessTokenAuthorizer with a stack for a server', () => {
    const server = scratchStack();
    expect(
      () =>
        new AccessTokenAuthorizer(server, 'Authorizer', {
          ...orders,
          issuer: undefined,
          server,
        } as never),
    ).toThrow('server is "Scratch", but it must be an AuthorizationServer,');
  });

  test('AccessTokenGuard without a function', () => {
    const made = () => new AccessTokenGuard(scratchStack(), 'Guard', orders as never);
    expect(made).toThrow('function must be one that is made in this app, not an imported one.');
  });

  test('AccessTokenGuard without bound tokens or APIs', () => {
    const made = (props: Props) => () =>
      new AccessTokenGuard(scratchStack(), 'Guard', { ...orders, ...props } as never);
    expect(made({})).toThrow(ConfigurationError);
  });
});
