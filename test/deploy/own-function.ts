import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { python } from './tools.ts';

/**
 * Makes a function in an emulator and invokes it.
 * @param directory an empty one for its code
 * @returns the id of the process that it runs in
 */
export async function runOwnFunction(emulator: string, directory: string): Promise<number> {
  const functions = `${emulator}/2015-03-31/functions`;
  await post(functions, {
    FunctionName: 'own',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/own',
    Code: { ZipFile: await archive(directory, 'export const handler = async () => process.pid;') },
  });
  return Number(await post(`${functions}/own/invocations`, {}));
}

async function archive(directory: string, code: string): Promise<string> {
  const [source, zip] = [join(directory, 'index.mjs'), join(directory, 'code.zip')];
  await writeFile(source, code);
  await promisify(execFile)(python, ['-m', 'zipfile', '--create', zip, source]);
  return readFile(zip, 'base64');
}

async function post(url: string, body: object): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${answer}`);
  return answer;
}
