import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A Python that can make virtual environments. */
export interface Python {
  readonly command: string;
  /** Such as `3.12.3`. */
  readonly version: string;
}

/** No Python that will do. The message is one sentence that says what to do. */
export class NoPython extends Error {
  override readonly name = 'NoPython';
}

const oldest = [3, 10] as const;

// Debian keeps ensurepip, without which venv fails, in a package of its own.
const probe = 'import platform, venv, ensurepip; print(platform.python_version())';

// Milliseconds. What answers later than that will not do.
const patience = 10_000;

/**
 * Finds Python 3.10 or newer with the module venv: the one that PYTHON names, else python3 or
 * python on the PATH.
 * @throws NoPython, or the reason of the signal to stop
 */
export async function findPython(
  environment: NodeJS.ProcessEnv,
  stop: AbortSignal,
): Promise<Python> {
  const { PYTHON } = environment;
  for (const command of PYTHON ? [PYTHON] : ['python3', 'python']) {
    const version = await versionOf(command, environment, stop);
    if (version !== undefined && isNewEnough(version)) return { command, version };
  }
  throw new NoPython(
    `these tests need Python ${oldest.join('.')} or newer with its module venv, and ` +
      `${PYTHON ? `PYTHON (${PYTHON}) is none` : 'neither python3 nor python is one'}: ` +
      'install it (on Debian and Ubuntu python3-venv), or name it in PYTHON.',
  );
}

async function versionOf(
  command: string,
  env: NodeJS.ProcessEnv,
  stop: AbortSignal,
): Promise<string | undefined> {
  const limits = { signal: stop, timeout: patience, killSignal: 'SIGKILL' } as const;
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', probe], { env, ...limits });
    return stdout.trim();
  } catch {
    stop.throwIfAborted();
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}
