import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home, pinned, succeed, type Tool } from './tool.ts';

const folder = join(home, 'serverless');
const files = ['package.json', 'package-lock.json'];

/** The Serverless Framework 3, the last version that asks for no account. */
export const serverless: Tool = {
  title: 'Serverless',
  install: async (preparation) => {
    const [, wanted = ''] = await Promise.all(files.map((file) => readFile(from(file), 'utf8')));
    const record = join(folder, 'installed.json');
    if ((await readFile(record, 'utf8').catch(() => '')) === wanted) return {};
    preparation.print(`Installing Serverless into ${folder}`);
    await mkdir(folder, { recursive: true });
    await Promise.all(files.map((file) => copyFile(from(file), join(folder, file))));
    await succeed(preparation, 'npm', ['ci', '--ignore-scripts', '--no-audit'], folder);
    await writeFile(record, wanted);
    return {};
  },
};

const from = (file: string): string => join(pinned('serverless'), file);

/** The program, for Node. */
export const serverlessProgram = join(folder, 'node_modules/serverless/bin/serverless.js');
