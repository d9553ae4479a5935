import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { authority, type CertificateInit, certificate } from '../support/certificates.ts';
import { inProcess } from './command.ts';
import { localDeployment } from './local-deployment.ts';

/** The subject of a client's certificate, as it is given, registered and shown. */

const { contents, directory } = await localDeployment();
const path = join(directory, 'meter.pem');
const caPath = join(directory, 'ca.pem');
const given = 'subject=C = BR, jurisdictionC = BR, O = "Example, Inc.", CN = meter-17';
const registered = 'CN=meter-17,O=Example\\, Inc.,1.3.6.1.4.1.311.60.2.1.3=BR,C=BR';
const note = `The subject is registered as ${registered}, of a certificate whose name begins with C=BR.\n`;

const run = (...parameters: readonly string[]) => inProcess([...parameters, '--local', '--json']);
const named = (name: string) => ['client', 'create', '--name', name, '--client-id', name];

beforeAll(async () => {
  await run('resource', 'create', 'https://api.example.com', '--scope', 'read');
  const subject: CertificateInit['subject'] = [
    { C: ['BR'] },
    { '1.3.6.1.4.1.311.60.2.1.3': ['BR'] },
    { O: ['Example, Inc.'] },
    { CN: ['meter-17'] },
  ];
  await writeFile(path, (await certificate({ issuer: authority(), subject })).cert);
  await writeFile(caPath, (await certificate({ isAuthority: true })).cert);
});

describe('C02: client create', () => {
  test.for([
    ['--tls-subject-dn', given, note],
    ['--tls-certificate', path, ''],
  ] as const)('%s registers the one form of the name', async ([flag, value, stderr]) => {
    const outcome = await run(...named(flag.slice(2)), '--scope', 'read', flag, value);
    expect(outcome).toMatchObject({ exitCode: 0, stderr });
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: registered,
    });
  });

  test('a person is shown how it is registered', async () => {
    const words = [...named('told'), '--scope', 'read', '--tls-certificate', path, '--local'];
    expect(await inProcess(words)).toEqual({
      exitCode: 0,
      stdout: `client_id       told\nauthentication  tls_client_auth\ncertificate     subject dn ${registered}\n`,
      stderr: '',
    });
  });

  test('the certificate may come from standard input', async () => {
    const { cert } = await certificate({ issuer: authority() });
    const words = [...named('piped'), '--scope', 'read', '--tls-certificate', '-', '--local'];
    const { stdout } = await inProcess(words, { input: cert });
    expect(stdout).toContain('subject dn CN=s6BhdRkqt3,O=Example\n');
  });
});

test('C02: client update and client show have it, too', async () => {
  await run(...named('renamed'), '--tls-san-dns', 'a.example');
  const updated = await run('client', 'update', 'renamed', '--tls-subject-dn', given);
  expect(updated).toMatchObject({ exitCode: 0, stderr: note });
  const shown = await inProcess(['client', 'show', 'renamed', '--local']);
  expect(shown.stdout).toContain(`\ncertificate     subject dn ${registered}\n`);
  const again = await run('client', 'update', 'renamed', '--tls-certificate', path);
  expect(JSON.parse(again.stdout)).toMatchObject({ tls_client_auth_subject_dn: registered });
});

test.for([
  [
    'an authority',
    ['--tls-certificate', caPath],
    /^error: --tls-certificate holds the certificate of/,
  ],
  ['no such file', ['--tls-certificate', '/nowhere'], /^error: cannot read \/nowhere: there is no/],
  [
    'both',
    ['--tls-certificate', path, '--tls-subject-dn', 'CN=a'],
    /^error: give one of --tls-subject-dn and --tls-certificate, not both/,
  ],
  [
    'a type that nobody knows',
    ['--tls-subject-dn', 'XX=\u202ea,CN=b'],
    /^error: --tls-subject-dn has an attribute of type "XX", which is not known here/,
  ],
  [
    'another method',
    ['--tls-certificate', path, '--auth-method', 'private_key_jwt'],
    /^error: --tls-certificate does not go with --auth-method private_key_jwt/,
  ],
] as const)('C02: refused, with nothing registered: %s', async ([, more, sentence]) => {
  const before = await contents();
  const outcome = await run(...named('refused'), ...more);
  expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
  expect(outcome.stderr).toMatch(sentence);
  expect(await contents()).toEqual(before);
});
