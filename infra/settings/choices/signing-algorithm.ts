import { isAsymmetric } from '../../../functions/authorizer/algorithms.ts';
import type { SigningAlgorithmName } from '../../../functions/aws/signing-algorithms.ts';
import { ConfigurationError } from '../configuration-error.ts';
import { type Choices, choiceOf, chosenName } from './choices.ts';

/**
 * What access tokens are signed with. The constants are what an AuthorizationServer can sign with; `of` knows
 * the algorithms of others, too, whose tokens an API may take.
 *
 * @example
 * import { App, Stack } from 'aws-cdk-lib';
 * import { AuthorizationServer, SigningAlgorithm } from 'countersign';
 *
 * const stack = new Stack(new App(), 'Identity');
 * new AuthorizationServer(stack, 'AuthorizationServer', { signingAlgorithm: SigningAlgorithm.ES256 });
 */
export class SigningAlgorithm {
  /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3). */
  static readonly RS256 = new SigningAlgorithm('RS256');
  /** RSASSA-PSS with SHA-256 (RFC 7518 §3.5). */
  static readonly PS256 = new SigningAlgorithm('PS256');
  /** ECDSA with P-256 and SHA-256 (RFC 7518 §3.4). */
  static readonly ES256 = new SigningAlgorithm('ES256');
  /** ECDSA with P-384 and SHA-384 (RFC 7518 §3.4). */
  static readonly ES384 = new SigningAlgorithm('ES384');
  /** EdDSA with Ed25519 by the name that says so (RFC 9864 §2.2). */
  static readonly ED25519 = new SigningAlgorithm('Ed25519');
  /** The same by the name that more verifiers know (RFC 8037 §3.1). */
  static readonly EDDSA = new SigningAlgorithm('EdDSA');
  /** ML-DSA-44 (RFC 9964), which few verifiers know yet. */
  static readonly ML_DSA_44 = new SigningAlgorithm('ML-DSA-44');
  /** ML-DSA-65 (RFC 9964), which few verifiers know yet. */
  static readonly ML_DSA_65 = new SigningAlgorithm('ML-DSA-65');

  /**
   * Gives the algorithm of this name.
   * @param name its JOSE name: `RS256`, `Ed25519`, or that of another asymmetric algorithm, such as `RS512`
   * @throws ConfigurationError for any other name.
   */
  static of(name: string): SigningAlgorithm {
    const isOfOthers = !Object.hasOwn(choices.values, name) && isAsymmetric(name);
    return isOfOthers ? new SigningAlgorithm(name) : choiceOf(choices, name);
  }

  /** Its JOSE name. */
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Gives its name. */
  toString(): string {
    return this.name;
  }
}

const choices: Choices<SigningAlgorithmName, SigningAlgorithm> = {
  className: 'SigningAlgorithm',
  values: {
    RS256: SigningAlgorithm.RS256,
    PS256: SigningAlgorithm.PS256,
    ES256: SigningAlgorithm.ES256,
    ES384: SigningAlgorithm.ES384,
    Ed25519: SigningAlgorithm.ED25519,
    EdDSA: SigningAlgorithm.EDDSA,
    'ML-DSA-44': SigningAlgorithm.ML_DSA_44,
    'ML-DSA-65': SigningAlgorithm.ML_DSA_65,
  },
};

/** Gives the name of an algorithm that we sign with. @throws ConfigurationError for one of others, too */
export const signingAlgorithmName = (
  algorithm: SigningAlgorithm,
  property: string,
): SigningAlgorithmName => chosenName(choices, algorithm, property);

/** Gives the names of algorithms that tokens may be signed with, by us or by others. @throws ConfigurationError */
export function acceptedNames(algorithms: readonly SigningAlgorithm[]): readonly string[] {
  if (algorithms.length === 0) {
    throw new ConfigurationError('algorithms is empty, so that nobody could get in: leave it out.');
  }
  const names = algorithms.map((algorithm) => algorithm.name ?? '');
  const wrong = names.findIndex((name) => !isAsymmetric(name));
  if (wrong < 0) return names;
  throw new ConfigurationError(
    `algorithms has ${JSON.stringify(names[wrong] || algorithms[wrong])}, but each must be one of SigningAlgorithm, ` +
      "such as SigningAlgorithm.ES256, or SigningAlgorithm.of('RS512') for what only others sign with.",
  );
}
