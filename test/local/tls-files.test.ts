import { X509Certificate } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { appendFile, copyFile, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ensureTlsFiles, type TlsFiles } from '../../local/tls/tls-files.ts';
import { certificate } from '../support/certificates.ts';

const now = new Date('2026-03-01T00:00:00Z');
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

const read = (path: string) => readFile(path, 'utf8');
const x509 = async (path: string) => new X509Certificate(await read(path));
const contents = (files: TlsFiles) => Promise.all(Object.values(files).map(read));

describe('the throw-away authority', () => {
  test('has signed what the door and a demo client show, for thirty days', async () => {
    const files = await ensureTlsFiles(newDirectory(), now);
    const authority = await x509(files.authority);
    expect(authority.ca).toBe(true);
    expect(authority.checkIssued(authority)).toBe(true);
    const server = await x509(files.server);
    expect(server.checkHost('localhost')).toBe('localhost');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkIP('::1')).toBe('::1');
    const client = await x509(files.demoClient);
    expect(client.subject).toBe('O=Countersign demo\nCN=demo-client');
    for (const leaf of [server, client]) {
      expect(leaf.ca).toBe(false);
      expect(leaf.verify(authority.publicKey)).toBe(true);
      expect(leaf.checkIssued(authority)).toBe(true);
      expect(leaf.validToDate).toEqual(inDays(30));
    }
    expect(await read(files.truststore)).toBe(await read(files.authority));
  });

  test("certifies the issuer's host, anew where that is another one", async () => {
    const directory = newDirectory();
    const names = ['auth.example.com'];
    const files = await ensureTlsFiles(directory, now, names);
    expect((await x509(files.server)).checkHost('auth.example.com')).toBe('auth.example.com');
    const before = await contents(files);
    await ensureTlsFiles(directory, now, names);
    expect(await contents(files)).toEqual(before);
    await ensureTlsFiles(directory, now, ['other.example.com']);
    const server = await x509(files.server);
    expect(server.checkHost('other.example.com')).toBe('other.example.com');
    expect(server.checkHost('auth.example.com')).toBeUndefined();
  });

  test('is for its owner alone', async () => {
    const directory = newDirectory();
    const files = await ensureTlsFiles(directory, now);
    expect((await stat(join(directory, 'tls'))).mode & 0o777).toBe(0o700);
    for (const path of Object.values(files)) expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('stays as it is while it is good, with a truststore that was added to', async () => {
    const directory = newDirectory();
    const files = await ensureTlsFiles(directory, now);
    await appendFile(files.truststore, (await certificate()).cert);
    const before = await contents(files);
    expect(await ensureTlsFiles(directory, inDays(28))).toEqual(files);
    expect(await contents(files)).toEqual(before);
  });

  test.for<[string, Date, (files: TlsFiles) => Promise<void>]>([
    ['it is about to expire', inDays(29.5), async () => {}],
    ['it has expired', inDays(400), async () => {}],
    ['it is from the future', inDays(-1), async () => {}],
    ['a file is missing', now, ({ serverKey }) => rm(serverKey)],
    ['a file is broken', now, ({ demoClient }) => writeFile(demoClient, 'nonsense')],
    [
      'a key is of another',
      now,
      ({ serverKey, demoClientKey }) => copyFile(serverKey, demoClientKey),
    ],
    [
      'a certificate is of another authority',
      now,
      async ({ server, serverKey }) => {
        const other = await ensureTlsFiles(newDirectory(), now);
        await copyFile(other.server, server);
        await copyFile(other.serverKey, serverKey);
      },
    ],
  ])('is made anew when %s', async ([, at, spoil]) => {
    const directory = newDirectory();
    const files = await ensureTlsFiles(directory, now);
    const before = await read(files.authority);
    await spoil(files);
    await ensureTlsFiles(directory, at);
    const authority = await x509(files.authority);
    expect(await read(files.authority)).not.toBe(before);
    expect((await x509(files.server)).verify(authority.publicKey)).toBe(true);
    expect(await read(files.truststore)).toBe(await read(files.authority));
  });

  test('takes its own place in the truststore when it is made anew, and no other', async () => {
    const directory = newDirectory();
    const files = await ensureTlsFiles(directory, now);
    const { cert } = await certificate();
    await appendFile(files.truststore, cert);
    await ensureTlsFiles(directory, inDays(400));
    expect(await read(files.truststore)).toBe(`${await read(files.authority)}${cert}`);
  });
});
