import type { Make } from './right-proof.ts';
import { wrongClaims } from './wrong-claims.ts';
import { wrongForms } from './wrong-forms.ts';
import { wrongKeys } from './wrong-keys.ts';
import { wrongUses } from './wrong-uses.ts';

/** What one end makes of a proof: it takes it, or refuses with this error. */
export type Outcome = 'taken' | 'invalid_dpop_proof' | 'use_dpop_nonce' | 'invalid_token';

/** A proof that is wrong in one way. */
export interface WrongProof {
  readonly rule: string;
  readonly what: string;
  readonly make: Make;
  /** @default 'invalid_dpop_proof' at both ends */
  readonly expected?: { readonly token: Outcome; readonly api: Outcome };
}

/** All of them. */
export const wrongProofs: readonly WrongProof[] = [
  ...wrongForms,
  ...wrongKeys,
  ...wrongClaims,
  ...wrongUses,
];
