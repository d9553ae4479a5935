import { Token } from 'aws-cdk-lib';
import { wrongValue } from './configuration-error.ts';
import { checkOrigins } from './setting-checks.ts';

/**
 * Which web pages an authorization server works for.
 * @internal
 */
export interface CorsProps {
  /**
   * Origins of pages whose scripts may read what `/token` answers, such as an API console:
   * `https://console.example.com`. `loopback` stands for every page that comes from the user's own
   * computer. A page that asks for tokens has its user's client secret: name those alone that you trust with it.
   * @default [] no page: the answers can be read by machines alone
   */
  readonly corsOrigins?: string[];
}

/** The same, checked. @throws ConfigurationError */
export function corsOrigins({ corsOrigins: origins = [] }: CorsProps): readonly string[] {
  if (!Array.isArray(origins)) throw wrongValue('corsOrigins', origins, 'must be a list');
  const known = origins.filter((origin) => !Token.isUnresolved(origin));
  checkOrigins(known, 'corsOrigins');
  return origins;
}
