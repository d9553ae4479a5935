import { SecretsManagerError } from './secrets-manager-error.ts';

/** The JSON object of a request. */
export type SecretRequest = Readonly<Record<string, unknown>>;

/** Reads a member that must be there, as text that is not empty. */
export function text(request: SecretRequest, name: string): string {
  const value = optionalText(request, name);
  if (value) return value;
  throw new SecretsManagerError(
    'ValidationException',
    `1 validation error detected: Value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  );
}

/** Reads a member that may be missing. */
export function optionalText(request: SecretRequest, name: string): string | undefined {
  const value = request[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new SecretsManagerError('SerializationException', `${name} is not a string`);
}

/** Reads a list of texts; undefined when it is missing. */
export function optionalTexts(request: SecretRequest, name: string): readonly string[] | undefined {
  const value = request[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new SecretsManagerError('SerializationException', `${name} is not a list of strings`);
}

/** The id of the version that a request makes: its token, which the SDK makes up where it is not told. */
export function requestToken(request: SecretRequest): string {
  const token = text(request, 'ClientRequestToken');
  if (token.length >= 32 && token.length <= 64) return token;
  throw new SecretsManagerError(
    'InvalidParameterException',
    'ClientRequestToken must be 32-64 characters long.',
  );
}

/** What a request has as the value of a version; undefined: nothing. */
export function secretValue(request: SecretRequest): SecretValue | undefined {
  const SecretString = optionalText(request, 'SecretString');
  const SecretBinary = optionalText(request, 'SecretBinary');
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      'You can provide either SecretString or SecretBinary, but not both.',
    );
  }
  if (Buffer.byteLength(SecretString ?? SecretBinary ?? '') > 65_536) {
    throw new SecretsManagerError(
      'InvalidParameterException',
      'Member must have length less than or equal to 65536',
    );
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

/** One of the two. */
export type SecretValue = { readonly SecretString: string } | { readonly SecretBinary: string };
