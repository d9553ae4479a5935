import type { SigningAlgorithmName } from '../../../functions/aws/signing-algorithms.ts';
import type { Toolchain } from '../toolchains/toolchain.ts';

/** Code that a page prints, and how it is run. */
export interface Recipe {
  /** What people call it. */
  readonly title: string;
  /** What the manifest calls the library. */
  readonly library: string;
  readonly toolchain: Toolchain;
  /** The names of the printed files. */
  readonly files: readonly [string, ...string[]];
  /** Files of the toolchain's folder, the first of which calls them; absent: they are the program. */
  readonly drivers?: readonly string[];
  /** What the page has right, and this computer cannot do. */
  readonly exchanged?: Readonly<Record<string, string>>;
}

/** A recipe that verifies access tokens. */
export interface VerifierRecipe extends Recipe {
  /** Whether it is a server that wants the token in a request; else it is a function. */
  readonly serves?: true;
  /** Whether it refuses what is revoked, too. */
  readonly revokes?: true;
  /** What it can verify. The page says RS256, and each takes its place. */
  readonly knows: readonly SigningAlgorithmName[];
  /** Wrong tokens that it takes, and why nothing can be done about it. */
  readonly takes?: Readonly<Record<string, string>>;
}

/** A recipe that gets an access token. */
export interface ClientRecipe extends Recipe {
  /** Methods of client authentication, and the words of the page to exchange for each. */
  readonly methods: Readonly<Partial<Record<Method, Readonly<Record<string, string>>>>>;
}

/** The methods of client authentication that recipes use, in the order of the table. */
export const methods = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
] as const;
export type Method = (typeof methods)[number];

/** What deployments sign with, in the order of the table. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const;
