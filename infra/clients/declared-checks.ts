import { Token } from 'aws-cdk-lib';
import type * as v from 'valibot';
import { checkClaims } from '../../registry/claims.ts';
import { methodProblems } from '../../registry/declared/authentication-members.ts';
import type { DeclaredClient } from '../../registry/declared/declaration.ts';
import { clientMembers, resourceServerMembers } from '../../registry/declared/members.ts';
import { type Problem, placeOf } from '../../registry/declared/problem.ts';
import { recordProblems } from '../../registry/declared/read-record.ts';
import { readTrustRules } from '../../registry/trust/trust-rules.ts';
import { ConfigurationError, parseSetting } from '../settings/configuration-error.ts';

/**
 * Checks a client by the rules by which it will be registered, as far as its values are known by now. The rest is
 * checked at the deployment.
 * @throws ConfigurationError that names the member, by its name in the registry
 */
export function checkDeclaredClient(client: DeclaredClient, issuer: string): void {
  const known = knownMembers(client);
  refuse(recordProblems(known, [], onlyKnown(clientMembers, client, known)));
  refuse(methodProblems(client, []));
  const { trust, claims } = known as Partial<DeclaredClient>;
  if (trust) {
    const server = Token.isUnresolved(issuer) ? 'https://issuer.invalid' : issuer;
    parseSetting('the way in which it authenticates', () =>
      readTrustRules(JSON.stringify(trust), server),
    );
  }
  if (claims) parseSetting('claims', () => checkClaims(claims));
}

/**
 * The same for a resource server.
 * @throws ConfigurationError
 */
export function checkDeclaredResourceServer(server: object): void {
  const known = knownMembers(server);
  refuse(recordProblems(known, [], onlyKnown(resourceServerMembers, server, known)));
  const { claims } = known as Pick<DeclaredClient, 'claims'>;
  if (claims) parseSetting('claims', () => checkClaims(claims));
}

type Members = Readonly<Record<string, unknown>>;

/** The members without those that a token of the CDK is in. */
const knownMembers = (record: object): Members =>
  Object.fromEntries(
    Object.entries(record).filter(
      ([, value]) => value !== undefined && !Token.isUnresolved(JSON.stringify(value)),
    ),
  );

/** The rules without those of members that are there, and not known yet. */
const onlyKnown = (
  members: Readonly<Record<string, v.GenericSchema>>,
  all: object,
  known: Members,
): Readonly<Record<string, v.GenericSchema>> =>
  Object.fromEntries(
    Object.entries(members).filter(
      ([name]) => name in known || (all as Members)[name] === undefined,
    ),
  );

function refuse([problem]: readonly Problem[]): void {
  if (!problem) return;
  throw new ConfigurationError(`${placeOf(problem.path)} ${problem.sentence}.`);
}
