import { isSigningAlgorithm } from '../aws/signing-algorithms.ts';
import type { KeySettings } from './key-rotation.ts';

/** The variables that say what the deployment wants of its signing keys; see environment.ts. */
interface Variables {
  readonly WRAPPING_KEY: string;
  readonly SIGNING_ALGORITHM: string;
  readonly KEY_ROTATION_INTERVAL: string;
  readonly KEY_FAMILIES: string;
}

/**
 * Reads the settings of the key rotation.
 * @throws Error that names the variable which cannot be right
 */
export function parseSettings(variables: Variables): KeySettings {
  const { SIGNING_ALGORITHM: alg, KEY_ROTATION_INTERVAL, KEY_FAMILIES, WRAPPING_KEY } = variables;
  const rotationInterval = Number(KEY_ROTATION_INTERVAL);
  if (!isSigningAlgorithm(alg)) throw wrong('SIGNING_ALGORITHM');
  if (!(rotationInterval > 0)) throw wrong('KEY_ROTATION_INTERVAL');
  if (KEY_FAMILIES !== 'one' && KEY_FAMILIES !== 'mixed') throw wrong('KEY_FAMILIES');
  const mixedFamilies = KEY_FAMILIES === 'mixed';
  const wrappingKey = WRAPPING_KEY === 'none' ? undefined : WRAPPING_KEY;
  return { alg, wrappingKey, rotationInterval, mixedFamilies };
}

const wrong = (name: string): Error => new Error(`the environment variable ${name} is wrong`);
