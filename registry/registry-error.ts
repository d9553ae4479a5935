/**
 * What a refusal of the registry is about. `input`: what was given is wrong whatever the registry holds;
 * `unknown`: what was named is not there; `taken`: what was named is there already; `busy`: somebody else
 * changes it; `contents`: it does not go with what is registered in another way; `half-done`: a part of it
 * is done, and the cause says why the rest is not.
 */
type Concern = 'input' | 'unknown' | 'taken' | 'busy' | 'contents' | 'half-done';

/** Why the rules of administration say no, in one sentence for the administrator. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly about: Concern;

  constructor(about: Concern, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.about = about;
  }
}
