import { describe, expect, test } from 'vitest';
import { StartError } from '../../local/io/start-error.ts';
import { parseStartOptions } from '../../local/start-options.ts';

const originRule =
  'must be the origin of an https URL, such as https://auth.example.com, in lower case and without path, query, ' +
  'fragment or trailing slash; http is for localhost, 127.0.0.1 and [::1] only.';

describe('the command line of npm start', () => {
  test('is empty', () => {
    expect(parseStartOptions([], {})).toEqual({
      fresh: false,
      help: false,
      verbose: false,
      issuer: undefined,
      settings: {},
      port: 3000,
      apiPort: 3001,
      tlsPort: 3443,
      apiTlsPort: 3444,
      mtlsPort: 3445,
      apiMtlsPort: 3446,
    });
  });

  test.for([
    [['--fresh', '-h', '--verbose'], { fresh: true, help: true, verbose: true }],
    [['--issuer', 'https://localhost:3443'], { issuer: 'https://localhost:3443' }],
    [['--issuer=https://auth.example.com'], { issuer: 'https://auth.example.com' }],
    [['--issuer', 'http://[::1]:3000'], { issuer: 'http://[::1]:3000' }],
    [
      ['-c', 'profile=fapi2', '--context', 'corsOrigins=https://a.example https://b.example'],
      { settings: { profile: 'fapi2', corsOrigins: 'https://a.example https://b.example' } },
    ],
    [
      ['-cdpopNonce=required', '--context=a=b=c'],
      { settings: { dpopNonce: 'required', a: 'b=c' } },
    ],
    [['-c', 'corsOrigins='], { settings: { corsOrigins: '' } }],
  ] as const)('%j', ([args, expected]) => {
    expect(parseStartOptions(args, {})).toMatchObject(expected);
  });

  test.for([
    'http://localhost:3000',
    'https://127.0.0.1:3443',
    'https://[::1]:3445',
    'https://localhost:8443',
    'https://auth.example.com',
  ])('the issuer may be one of its ports, or a proxy: %s', (issuer) => {
    expect(parseStartOptions(['--issuer', issuer], {})).toMatchObject({ issuer });
  });

  test('the environment has the ports', () => {
    const environment = { PORT: '1', MTLS_PORT: '2', API_MTLS_PORT: '65535', API_PORT: '' };
    expect(parseStartOptions([], environment)).toMatchObject({
      port: 1,
      mtlsPort: 2,
      apiMtlsPort: 65_535,
      apiPort: 3001,
    });
  });

  test.for<[readonly string[], Readonly<Record<string, string>>, string]>([
    [['--frehs'], {}, 'npm start does not know --frehs; npm start -- --help shows what it knows'],
    [['now'], {}, 'npm start does not know now; npm start -- --help shows what it knows'],
    [
      ['--fresh=yes'],
      {},
      'npm start does not know --fresh=yes; npm start -- --help shows what it knows',
    ],
    [['--'], {}, 'npm start does not know --; npm start -- --help shows what it knows'],
    [['-x'], {}, 'npm start does not know -x; npm start -- --help shows what it knows'],
    [
      ['--toString'],
      {},
      'npm start does not know --toString; npm start -- --help shows what it knows',
    ],
    [['--issuer'], {}, '--issuer needs a value'],
    [['--issuer='], {}, '--issuer needs a value'],
    [['--fresh', '-c'], {}, '-c needs a value'],
    [
      ['--issuer', 'http://auth.example.com'],
      {},
      `--issuer is "http://auth.example.com", but it ${originRule}`,
    ],
    [
      ['--issuer=https://localhost:3443/'],
      {},
      `--issuer is "https://localhost:3443/", but it ${originRule}`,
    ],
    [['--issuer', '--fresh'], {}, `--issuer is "--fresh", but it ${originRule}`],
    [
      ['--issuer', 'http://localhost:3001'],
      {},
      '--issuer is http://localhost:3001, which leads to something else: the issuer has http at port 3000 and https at 3443 and 3445',
    ],
    [
      ['--issuer', 'https://[::1]:4000'],
      { PORT: '4000' },
      '--issuer is https://[::1]:4000, which leads to something else: the issuer has http at port 4000 and https at 3443 and 3445',
    ],
    [['-c', 'profile'], {}, '-c is "profile", and must be a setting: NAME=VALUE'],
    [['--context==x'], {}, '-c is "=x", and must be a setting: NAME=VALUE'],
    [
      ['-c', 'issuer=https://a.example'],
      {},
      'the issuer of the local stack is chosen by --issuer URL',
    ],
    [
      ['-c', 'mtlsOrigin=https://a.example'],
      {},
      'the local stack sets mtlsOrigin itself: leave it out',
    ],
    [
      ['-c', 'replacesIssuer=https://a.example'],
      {},
      'the local stack sets replacesIssuer itself: leave it out',
    ],
    [
      ['-c', 'demoApiUrl=https://a.example'],
      {},
      'the local stack sets demoApiUrl itself: leave it out',
    ],
    [[], { MTLS_PORT: 'x' }, 'MTLS_PORT is "x", and must be a port: 1 to 65535'],
    [[], { TLS_PORT: '3445' }, 'TLS_PORT and MTLS_PORT are both 3445, and must differ'],
    [[], { PORT: 'abc' }, 'PORT is "abc", and must be a port: 1 to 65535'],
    [[], { API_PORT: '65536' }, 'API_PORT is "65536", and must be a port: 1 to 65535'],
    [[], { TLS_PORT: '0' }, 'TLS_PORT is "0", and must be a port: 1 to 65535'],
    [[], { PORT: '4000', API_PORT: '4000' }, 'PORT and API_PORT are both 4000, and must differ'],
    [[], { API_PORT: '3443' }, 'API_PORT and TLS_PORT are both 3443, and must differ'],
    [[], { API_TLS_PORT: '3443' }, 'TLS_PORT and API_TLS_PORT are both 3443, and must differ'],
    [
      [],
      { PORT: '1', API_PORT: '2', TLS_PORT: '1' },
      'PORT and TLS_PORT are both 1, and must differ',
    ],
  ])('%j %j is wrong usage: one sentence, exit code 2', ([args, environment, sentence]) => {
    expect(() => parseStartOptions(args, environment)).toThrow(new StartError(sentence, 2));
  });
});
