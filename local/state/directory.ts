import { join, resolve } from 'node:path';

/**
 * Where the local stack keeps its state: COUNTERSIGN_DIRECTORY, or `.countersign` in the checkout.
 */
export function stateDirectory(): string {
  const chosen = process.env.COUNTERSIGN_DIRECTORY;
  return chosen ? resolve(chosen) : join(import.meta.dirname, '../..', '.countersign');
}
