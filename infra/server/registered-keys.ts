import { registryKey } from '../../functions/aws/registry-items.ts';

/** All that is registered: the key ring is in the same table, and nobody's but the key rotation's. */
export const registeredKeys: readonly string[] = [
  registryKey.client('*'),
  registryKey.resourceServer('*'),
  registryKey.defaultResourceServer(),
].map(({ pk }) => pk);
