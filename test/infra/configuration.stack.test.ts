import { describe, expect, test } from 'vitest';
import { readConfiguration } from '../../infra/settings/configuration.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';

const issuerRule =
  'must be the origin of an https URL, such as https://auth.example.com, in lower case and ' +
  'without path, query, fragment or trailing slash; http is for localhost, 127.0.0.1 and [::1] only.';
const lifetimeRule = 'must be whole seconds from 60 to 86400.';
const resourceRule = 'must be an absolute URI without a fragment, such as https://api.example.com.';
const algorithmRule =
  'must be one of RS256, PS256, ES256, ES384, Ed25519, EdDSA, ML-DSA-44, ML-DSA-65.';
const topicRule =
  'must be the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alarms.';
const settings =
  'the settings are stackName, region, account, issuer, replacesIssuer, issuerCertificateArn, mtlsOrigin, mtlsCertificateArn, mtlsTruststore, ' +
  'accessTokenLifetime, clientCache, tokenReuse, claimsHook, claimsHookTimeout, throttle, tokenThrottle, profile, assertionMaxLifetime, dpopNonce, corsOrigins, strictClientSecretMethod, signing, signingAlgorithm, experimentalAlgorithms, mixedKeyFamilies, ' +
  'keyRotationDays, authorizationEndpointStub, registryTableStreamArn, adoptedKeys, alarmTopicArn, demoApiUrl.';
const mtlsOriginRule =
  'must be the origin of an https URL, such as https://mtls.auth.example.com, in lower case and ' +
  'without path, query, fragment or trailing slash.';
const originsRule =
  'must be origins of web pages, such as https://console.example.com, each in lower case and without path or ' +
  'trailing slash, never * or null; http is for localhost, 127.0.0.1 and [::1] only, and loopback means all of these.';
const certificateRule =
  'must be the ARN of a certificate in ACM, such as ' +
  'arn:aws:acm:eu-west-1:111122223333:certificate/11112222-3333-4444-5555-666677778888.';

describe('a context becomes a configuration', () => {
  test('nothing set', () => {
    expect(readConfiguration({})).toEqual({});
  });

  test.for([
    ['https://auth.example.com'],
    ['https://auth.example.com:8443'],
    ['http://127.0.0.1:3000'],
    ['http://localhost:3000'],
    ['http://[::1]:3000'],
  ])('issuer %s', ([issuer]) => {
    expect(readConfiguration({ issuer })).toMatchObject({ issuer });
  });

  test.for([['https://auth.example.com'], ['http://a1.execute-api.127.0.0.1:4566']])(
    'replacesIssuer %s',
    ([replacesIssuer]) => {
      expect(readConfiguration({ replacesIssuer })).toEqual({ replacesIssuer });
    },
  );

  test.for([
    [60, 60],
    [86_400, 86_400],
    ['3600', 3600],
  ])('accessTokenLifetime %j', ([given, seconds]) => {
    expect(readConfiguration({ accessTokenLifetime: given })).toMatchObject({
      accessTokenLifetime: seconds,
    });
  });

  test.for([
    [0, 0],
    ['0', 0],
    ['45', 45],
    [300, 300],
  ])('clientCache and tokenReuse %j', ([given, seconds]) => {
    expect(readConfiguration({ clientCache: given, tokenReuse: given })).toEqual({
      clientCache: seconds,
      tokenReuse: seconds,
    });
  });

  test.for([
    [1, 1],
    ['500', 500],
    [100_000, 100_000],
  ])('A11: throttle and tokenThrottle %j', ([given, requests]) => {
    expect(readConfiguration({ throttle: given, tokenThrottle: given })).toEqual({
      throttle: requests,
      tokenThrottle: requests,
    });
  });

  test.for([['https://api.example.com/'], ['urn:example:api']])('demoApiUrl %s', ([demoApiUrl]) => {
    expect(readConfiguration({ demoApiUrl })).toMatchObject({ demoApiUrl });
  });

  test.for([['RS256'], ['EdDSA'], ['ML-DSA-65']])('signingAlgorithm %s', ([signingAlgorithm]) => {
    expect(readConfiguration({ signingAlgorithm })).toEqual({ signingAlgorithm });
  });

  test.for([
    [true, true],
    ['true', true],
    [false, false],
    ['false', false],
  ])('experimentalAlgorithms and mixedKeyFamilies %j', ([given, flag]) => {
    expect(readConfiguration({ experimentalAlgorithms: given, mixedKeyFamilies: given })).toEqual({
      experimentalAlgorithms: flag,
      mixedKeyFamilies: flag,
    });
  });

  test.for([
    [1, 1],
    ['90', 90],
    [365, 365],
  ])('keyRotationDays %j', ([given, days]) => {
    expect(readConfiguration({ keyRotationDays: given })).toEqual({ keyRotationDays: days });
  });

  test.for([
    ['arn:aws:sns:eu-west-1:111122223333:alarms'],
    ['arn:aws-us-gov:sns:us-gov-west-1:111122223333:on-call_2.fifo'],
  ])('alarmTopicArn %s', ([alarmTopicArn]) => {
    expect(readConfiguration({ alarmTopicArn })).toEqual({ alarmTopicArn });
  });

  test('adoptedKeys as a text', () => {
    const [one, other] = ['11112222-3333-4444-5555-666677778888', `mrk-${'0'.repeat(32)}`];
    expect(readConfiguration({ adoptedKeys: `${one}, ${other}` })).toEqual({
      adoptedKeys: [one, other],
    });
  });

  test.for([
    ['https://mtls.auth.example.com'],
    ['https://mtls.auth.example.com:8443'],
    ['https://127.0.0.1:3443'],
  ])('mtlsOrigin %s', ([mtlsOrigin]) => {
    expect(readConfiguration({ mtlsOrigin })).toEqual({ mtlsOrigin });
  });

  test.for([
    ['arn:aws:acm:eu-west-1:111122223333:certificate/11112222-3333-4444-5555-666677778888'],
    ['arn:aws-cn:acm:cn-north-1:111122223333:certificate/mrk-0123456789abcdef'],
  ])('issuerCertificateArn and mtlsCertificateArn %s', ([arn]) => {
    const context = { issuerCertificateArn: arn, mtlsCertificateArn: arn };
    expect(readConfiguration(context)).toEqual(context);
  });

  test('mtlsTruststore is a path', () => {
    const context = { mtlsTruststore: 'tls/truststore.pem' };
    expect(readConfiguration(context)).toEqual(context);
  });

  test('L08, D13: profile and dpopNonce are words', () => {
    const context = { profile: 'fapi2', dpopNonce: 'required' };
    expect(readConfiguration(context)).toEqual(context);
    expectError({ profile: 'fapi' }, 'profile is "fapi", but it must be none or fapi2.');
    expectError({ profile: true }, 'profile is true, but it must be none or fapi2.');
    expectError({ dpopNonce: 'on' }, 'dpopNonce is "on", but it must be off or required.');
  });

  test.for([
    ['', []],
    ['https://console.example.com', ['https://console.example.com']],
    ['https://a.example, http://[::1]:8080', ['https://a.example', 'http://[::1]:8080']],
    ['loopback https://a.example:8443', ['loopback', 'https://a.example:8443']],
    [
      ['https://a.example', 'loopback'],
      ['https://a.example', 'loopback'],
    ],
  ])('corsOrigins %j', ([given, corsOrigins]) => {
    expect(readConfiguration({ corsOrigins: given })).toEqual({ corsOrigins });
  });

  test('strictClientSecretMethod is a switch', () => {
    const context = { strictClientSecretMethod: 'true' };
    expect(readConfiguration(context)).toEqual({ strictClientSecretMethod: true });
  });

  test.for([
    ['openid', 'openid'],
    ['true', true],
    [true, true],
    ['false', false],
    [false, false],
  ])('H07: authorizationEndpointStub %j', ([given, stub]) => {
    expect(readConfiguration({ authorizationEndpointStub: given })).toEqual({
      authorizationEndpointStub: stub,
    });
  });

  test.for([
    ['@aws-cdk/core:checkSecretUsage'],
    ['availability-zones:account=123456789012:region=us-east-1'],
    ['acknowledged-issue-numbers'],
    ['cli-telemetry'],
  ])("the CDK's own %s is left alone", ([name = '']) => {
    expect(readConfiguration({ [name]: true })).toEqual({});
  });
});

describe('a wrong value is one sentence', () => {
  test.for([
    ['auth.example.com'],
    ['https://*.example.com'],
    ['https://auth.example.com/'],
    ['https://auth.example.com/path'],
    ['https://auth.example.com?a=b'],
    ['https://auth.example.com?'],
    ['https://auth.example.com#a'],
    ['https://auth.example.com#'],
    ['https://auth.example.com:443'],
    ['https://Auth.example.com'],
    ['https://user:pw@auth.example.com'],
    ['http://auth.example.com'],
    ['http://127.0.0.1.example.com'],
    ['ftp://auth.example.com'],
    ['urn:example:issuer'],
    [' https://auth.example.com'],
    [''],
    [true],
    [['https://auth.example.com']],
  ])('A06 H01: issuer %j', ([issuer]) => {
    expectError({ issuer }, `issuer is ${JSON.stringify(issuer)}, but it ${issuerRule}`);
  });

  test.for([['auth.example.com'], ['https://a.example/'], ['https://a.example?b'], [''], [true]])(
    'replacesIssuer %j',
    ([replacesIssuer]) => {
      expectError(
        { replacesIssuer },
        `replacesIssuer is ${JSON.stringify(replacesIssuer)}, but it must be the issuer from before, such as ` +
          'https://auth.example.com, without path, query, fragment or trailing slash.',
      );
    },
  );

  test.for([[59], [86_401], [3600.5], ['3600s'], ['-60'], ['0060'], ['6e2'], [''], [true], [[60]]])(
    'accessTokenLifetime %j',
    ([value]) => {
      expectError(
        { accessTokenLifetime: value },
        `accessTokenLifetime is ${JSON.stringify(value)}, but it ${lifetimeRule}`,
      );
    },
  );

  test.for([[59], [43_201], ['1h'], [true]])('assertionMaxLifetime %j', ([value]) => {
    expectError(
      { assertionMaxLifetime: value },
      `assertionMaxLifetime is ${JSON.stringify(value)}, but it must be whole seconds from 60 to 43200.`,
    );
  });

  test.for([[-1], [301], ['00'], ['off'], [false], ['']])('clientCache %j', ([value]) => {
    expectError(
      { clientCache: value },
      `clientCache is ${JSON.stringify(value)}, but it must be whole seconds from 0 to 300.`,
    );
  });

  test.for([[-1], [43_201], ['1h'], [true]])('tokenReuse %j', ([value]) => {
    expectError(
      { tokenReuse: value },
      `tokenReuse is ${JSON.stringify(value)}, but it must be whole seconds from 0 to 43200.`,
    );
  });

  test.for([[0], ['0'], [100_001], [1.5], ['500/s'], ['off'], [true], [{ rateLimit: 5 }]])(
    'A11: throttle and tokenThrottle %j',
    ([value]) => {
      for (const name of ['throttle', 'tokenThrottle']) {
        expectError(
          { [name]: value },
          `${name} is ${JSON.stringify(value)}, but it must be whole requests a second from 1 to 100000.`,
        );
      }
    },
  );

  test.for([['api.example.com'], ['https://api.example.com/#a'], ['/api'], [''], [3001]])(
    'F01: demoApiUrl %j',
    ([demoApiUrl]) => {
      expectError(
        { demoApiUrl },
        `demoApiUrl is ${JSON.stringify(demoApiUrl)}, but it ${resourceRule}`,
      );
    },
  );
});

describe('a wrong value of what concerns client certificates, too', () => {
  test.for([
    ['http://127.0.0.1:3443'],
    ['mtls.auth.example.com'],
    ['https://mtls.auth.example.com/'],
    ['https://mtls.auth.example.com/token'],
    ['https://MTLS.auth.example.com'],
    [''],
    [true],
  ])('A06: mtlsOrigin %j', ([value]) => {
    expectError(
      { mtlsOrigin: value },
      `mtlsOrigin is ${JSON.stringify(value)}, but it ${mtlsOriginRule}`,
    );
  });

  test.for([
    ['issuerCertificateArn', 'certificate'],
    ['issuerCertificateArn', 'arn:aws:iam::111122223333:server-certificate/auth'],
    ['mtlsCertificateArn', 'arn:aws:acm:eu-west-1:1111:certificate/1'],
    ['mtlsCertificateArn', 'arn:aws:acm:eu-west-1:111122223333:certificate/'],
    ['mtlsCertificateArn', ''],
    ['mtlsCertificateArn', true],
  ] as const)('%s %j', ([name, value]) => {
    expectError(
      { [name]: value },
      `${name} is ${JSON.stringify(value)}, but it ${certificateRule}`,
    );
  });

  test.for([[''], [true], [['a.pem']]])('mtlsTruststore %j', ([value]) => {
    expectError(
      { mtlsTruststore: value },
      `mtlsTruststore is ${JSON.stringify(value)}, but it must be the path of a file, such as truststore.pem.`,
    );
  });
});

describe('a wrong value of the signing keys, too', () => {
  test.for([['HS256'], ['none'], ['rs256'], ['RS512'], ['toString'], [''], [256]])(
    'signingAlgorithm %j',
    ([value]) => {
      expectError(
        { signingAlgorithm: value },
        `signingAlgorithm is ${JSON.stringify(value)}, but it ${algorithmRule}`,
      );
    },
  );

  test.for([
    ['experimentalAlgorithms', 'yes'],
    ['experimentalAlgorithms', ''],
    ['mixedKeyFamilies', 1],
    ['mixedKeyFamilies', 'True'],
    ['strictClientSecretMethod', 'registered'],
  ] as const)('%s %j', ([name, value]) => {
    expectError(
      { [name]: value },
      `${name} is ${JSON.stringify(value)}, but it must be true or false.`,
    );
  });

  test.for([[0], [366], [1.5], ['90d'], ['090'], [''], [true], [[90]]])(
    'keyRotationDays %j',
    ([value]) => {
      expectError(
        { keyRotationDays: value },
        `keyRotationDays is ${JSON.stringify(value)}, but it must be whole days from 1 to 365.`,
      );
    },
  );

  test.for([
    ['alarms'],
    ['arn:aws:sqs:eu-west-1:111122223333:alarms'],
    ['arn:aws:sns:eu-west-1:111122223333'],
    ['arn:aws:sns:eu-west-1:111122223333:alarms:11111111-2222-3333-4444-555555555555'],
    ['arn:aws:sns:eu-west-1:1111:alarms'],
    [' arn:aws:sns:eu-west-1:111122223333:alarms'],
    [''],
    [true],
  ])('alarmTopicArn %j', ([value]) => {
    expectError(
      { alarmTopicArn: value },
      `alarmTopicArn is ${JSON.stringify(value)}, but it ${topicRule}`,
    );
  });
});

test.for([
  ['*'],
  ['null'],
  ['https://*.example.com'],
  ['http://console.example.com'],
  ['https://console.example.com/'],
  ['https://console.example.com/path'],
  ['https://Console.example.com'],
  ['https://console.example.com:443'],
  ['https://user@console.example.com'],
  ['console.example.com'],
  ['file://'],
  ['https://a.example *'],
  [['https://a.example', 1]],
  [true],
])('corsOrigins %j', ([corsOrigins]) => {
  expectError(
    { corsOrigins },
    `corsOrigins is ${JSON.stringify(corsOrigins)}, but it ${originsRule}`,
  );
});

test.for([['on'], ['both'], [''], [1]])('H07: authorizationEndpointStub %j', ([value]) => {
  expectError(
    { authorizationEndpointStub: value },
    `authorizationEndpointStub is ${JSON.stringify(value)}, but it must be openid, true or false.`,
  );
});

describe('a misspelt setting is refused, with the nearest right name', () => {
  test.for([
    ['isuer', 'issuer'],
    ['Issuer', 'issuer'],
    ['issuers', 'issuer'],
    ['lifetime', 'accessTokenLifetime'],
    ['access-token-lifetime', 'accessTokenLifetime'],
    ['accessTokenLifeTime', 'accessTokenLifetime'],
    ['demoUrl', 'demoApiUrl'],
    ['algorithm', 'signingAlgorithm'],
    ['signingAlg', 'signingAlgorithm'],
    ['keyRotation', 'keyRotationDays'],
    ['alarmTopic', 'alarmTopicArn'],
    ['mixedFamilies', 'mixedKeyFamilies'],
    ['mtlsOrgin', 'mtlsOrigin'],
    ['truststore', 'mtlsTruststore'],
    ['mtlsCertificate', 'mtlsCertificateArn'],
    ['issuerCertificate', 'issuerCertificateArn'],
    ['authorizationEndpoint', 'authorizationEndpointStub'],
    ['corsOrigin', 'corsOrigins'],
    ['strictSecretMethod', 'strictClientSecretMethod'],
  ])('%s -> %s', ([name = '', nearest]) => {
    expectError(
      { [name]: 'x' },
      `${name} is no setting of Countersign, did you mean ${nearest}; ${settings}`,
    );
  });

  test('nothing is near', () => {
    expectError({ colour: 'x' }, `colour is no setting of Countersign; ${settings}`);
  });
});

function expectError(context: Readonly<Record<string, unknown>>, sentence: string): void {
  expect(() => readConfiguration(context)).toThrow(new ConfigurationError(sentence));
}
