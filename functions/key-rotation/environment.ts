/** What infra/ gives the key rotation function. */
export interface KeyRotationEnvironment {
  /** Name of the table that has the key ring; also the value of the tag that our KMS keys carry. */
  readonly REGISTRY_TABLE: string;
  /** Name of the table of revocations. */
  readonly REVOCATIONS_TABLE: string;
  /** ARN of the KMS key that wraps private keys, or `none`: they never leave KMS. */
  readonly WRAPPING_KEY: string;
  /** ARNs, with spaces between, of the roles that the policies of keys let sign: the token function's first. */
  readonly TOKEN_ROLE: string;
  /** ARN of the role that keeps the keys, which these policies name, too. */
  readonly ROTATION_ROLE: string;
  /** JOSE name of the algorithm that keys are to be made for; see aws/signing-algorithms.ts. */
  readonly SIGNING_ALGORITHM: string;
  /** Days that a key signs before the next one is made: a template of CloudFormation cannot multiply. */
  readonly KEY_ROTATION_DAYS: string;
  /** `one`: the JWK Set has keys of one family alone; `mixed`: of two while the algorithm changes. */
  readonly KEY_FAMILIES: 'one' | 'mixed';
  /** What the metrics are told apart by: the construct's path, with the name of its stack. */
  readonly DEPLOYMENT: string;
}
