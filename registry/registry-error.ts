/** What a refusal of the registry is about: what it was given, or how that fits what it holds. */
type Concern = 'input' | 'contents';

/**
 * Why the rules of administration say no, in one sentence for the administrator. `input`: what was
 * given is wrong whatever the registry holds; `contents`: it does not go with what is registered.
 */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly about: Concern;

  constructor(about: Concern, sentence: string) {
    super(sentence);
    this.about = about;
  }
}
