import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { AuthorizationServerBase } from '../server/server-base.ts';
import type { IAuthorizationServer } from '../server/server-interface.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

/** A table of what was taken back, which a function can read. */
export interface ReadableTable {
  readonly name: string;
  readonly arn: string;
}

/**
 * Finds the table of a server, for a function that is elsewhere in the same account and Region.
 * @throws ConfigurationError when it is not known, or the function would look for it in vain
 */
export function readableTable(
  scope: IConstruct,
  server: IAuthorizationServer | undefined,
): ReadableTable {
  if (server === undefined) throw new ConfigurationError(noServer);
  // Those that somebody else has written have no such method.
  const resources = (server as Partial<AuthorizationServerBase>)._resources?.();
  const { revocationsTableName: name } = server;
  const arn = resources?.revocationsArn;
  if (name === undefined || arn === undefined) {
    throw new ConfigurationError(
      `readRevocationTable is true, but "${server.node.path}" is imported without its revocationsTableName: name it ` +
        `in the attributes, or ${leaveOut}.`,
    );
  }
  const [own, its] = [Stack.of(scope), Stack.of(server)];
  checkSame('account', own.account, its.account);
  checkSame('Region', own.region, resources?.region ?? its.region);
  return { name, arn };
}

/** What is known at the deployment alone cannot be compared. */
function checkSame(what: 'account' | 'Region', own: string, its: string): void {
  if (own === its || Token.isUnresolved(own) || Token.isUnresolved(its)) return;
  throw new ConfigurationError(
    `readRevocationTable is true, but the table is in the ${what} ${its}, and the function in ${own}: ${leaveOut}.`,
  );
}

const leaveOut = 'leave readRevocationTable out, and the list is fetched that the server publishes';

const noServer =
  'readRevocationTable is true, but server is not set, whose table that would be: set server in place of issuer, or ' +
  `${leaveOut}.`;
