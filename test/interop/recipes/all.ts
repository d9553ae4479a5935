import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { curlClients } from './curl.ts';
import { goClients, goVerifiers } from './go.ts';
import { javaClients, javaVerifiers } from './java.ts';
import { nodeClients, nodeVerifiers } from './node.ts';
import { pythonClients, pythonVerifiers } from './python.ts';
import { rustClients, rustVerifiers } from './rust.ts';
import { serverVerifiers } from './servers.ts';

/** All recipes that verify tokens. */
export const verifiers: readonly VerifierRecipe[] = [
  ...nodeVerifiers,
  ...pythonVerifiers,
  ...goVerifiers,
  ...javaVerifiers,
  ...rustVerifiers,
  ...serverVerifiers,
];

/** All recipes that get tokens. */
export const clients: readonly ClientRecipe[] = [
  ...curlClients,
  ...nodeClients,
  ...pythonClients,
  ...goClients,
  ...javaClients,
  ...rustClients,
];
