import type { ReadSource } from './reading.ts';
import { readAuth0 } from './sources/auth0.ts';
import { readCognito } from './sources/cognito.ts';
import { readHydra } from './sources/hydra.ts';
import { readJson } from './sources/json.ts';
import { readKeycloak } from './sources/keycloak.ts';

/** The systems that clients are imported from, and how what they give is read. */
export const sources = {
  cognito: readCognito,
  auth0: readAuth0,
  keycloak: readKeycloak,
  hydra: readHydra,
  json: readJson,
} as const satisfies Readonly<Record<string, ReadSource>>;

export type SourceName = keyof typeof sources;
