import { join } from 'node:path';
import type { Preparation } from '../../deploy/emulator-run.ts';
import { prepareVirtualEnvironment } from '../../deploy/ministack/virtual-environment.ts';
import { home, pinned } from './tool.ts';

/** The folder with the programs of a virtual environment. */
export const programs = (name: string): string => join(home, name, 'bin');

/** Installs what a file of requirements lists into a virtual environment of its own. */
export async function installPython(name: string, preparation: Preparation): Promise<void> {
  const { held, print, ...options } = preparation;
  const wanted = { ...options, directory: join(home, name), requirements: pinned(`${name}.txt`) };
  held.use(await prepareVirtualEnvironment(wanted, print));
}
