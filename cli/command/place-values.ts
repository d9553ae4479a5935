import { CliError } from '../io/cli-error.ts';

/**
 * Reads the name of a CloudFormation stack.
 * @throws CliError
 */
export function stackNameValue(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(text)) return text;
  throw new CliError('a stack name is 1 to 128 letters, digits and hyphens, a letter first', 2);
}

/**
 * Reads the name of a CloudFormation stack, behind which the path of an authorization server in it may
 * follow: `Orders/Auth/Server`.
 * @throws CliError
 */
export function stackValue(text: string): string {
  const [name = '', ...path] = text.split('/');
  stackNameValue(name);
  if (path.every((part) => /^[^\p{C}\s]+$/u.test(part))) return text;
  throw new CliError('behind a stack name comes a path of constructs: Orders/Auth/Server', 2);
}

/**
 * Reads the name of an AWS region.
 * @throws CliError
 */
export function regionValue(text: string): string {
  if (/^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/.test(text)) return text;
  throw new CliError('a region is written as in eu-central-1', 2);
}
