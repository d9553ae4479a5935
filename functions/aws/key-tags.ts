/**
 * The tags of a KMS key of ours. By the first one IAM tells this deployment's keys from all others,
 * and a key that a crash left behind is found. Anybody may set them who may tag keys: only by the
 * ring and its plans do we know a key as ours.
 */
export const keyTags = {
  /** Value: the name of the registry table that has the key ring. */
  registry: 'countersign:registry',
  /** Value: the JOSE name of the algorithm that the key is for. */
  algorithm: 'countersign:algorithm',
  /** Value: the random id that the key was planned by; the ring has its hash. */
  plan: 'countersign:plan',
} as const;

/** What KMS binds a wrapped private key to: it unwraps it for this deployment and algorithm alone. */
export const encryptionContext = (registry: string, alg: string): Record<string, string> => ({
  [keyTags.registry]: registry,
  [keyTags.algorithm]: alg,
});
