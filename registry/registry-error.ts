/**
 * What a refusal of the registry is about. `input`: what was given is wrong whatever the registry holds;
 * `unknown`: what was named is not there; `taken`: what was named is there already; `busy`: somebody else
 * changes it; `contents`: it does not go with what is registered in another way.
 */
type Concern = 'input' | 'unknown' | 'taken' | 'busy' | 'contents';

/** Why the rules of administration say no, in one sentence for the administrator. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly about: Concern;

  constructor(about: Concern, sentence: string) {
    super(sentence);
    this.about = about;
  }
}
