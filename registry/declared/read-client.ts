import { certificateSubjects } from '../../functions/oauth/client.ts';
import { expectedSubjectProblem } from '../../functions/oauth/expected-subject.ts';
import { checkClaims } from '../claims.ts';
import { checkJwksUri, readClientKeys } from '../client-keys.ts';
import { readSubjectName } from '../distinguished-names/read-name.ts';
import { RegistryError } from '../registry-error.ts';
import { parseResource } from '../rules.ts';
import { checkBundleEndpoint } from '../spiffe-workload.ts';
import { checkTrustRules, readTrustRules } from '../trust/trust-rules.ts';
import { methodProblems } from './authentication-members.ts';
import type { DeclaredClient } from './declaration.ts';
import { clientMembers } from './members.ts';
import { normalClient } from './normal-form.ts';
import { type Path, type Problem, problem } from './problem.ts';
import { recordProblems } from './read-record.ts';
import { grantsRule } from './values.ts';

/** What a deployment lets a client have. */
export interface Deployment {
  readonly issuer: string;
}

/** A record, or all that is wrong with it. */
export type Read<Record> = { readonly record: Record } | { readonly problems: readonly Problem[] };

/**
 * Reads a client that was written by somebody.
 * @param path where it stands
 */
export async function readClient(
  value: unknown,
  path: Path,
  deployment: Deployment,
): Promise<Read<DeclaredClient>> {
  const malformed = recordProblems(value, path, clientMembers);
  if (malformed.length > 0) return { problems: malformed };
  // Each member has been looked at.
  const written = value as DeclaredClient;
  const misplaced = methodProblems(written, path);
  if (misplaced.length > 0) return { problems: misplaced };
  const read = await readMembers(written, path, deployment);
  if ('problems' in read) return read;
  return { record: normalClient({ ...written, ...read.record }) };
}

type Reader = (
  written: DeclaredClient,
  deployment: Deployment,
) => Promise<Partial<DeclaredClient>> | Partial<DeclaredClient>;

/** The members that say more than a text: in the form in which they are registered. */
const readers: Readonly<Record<string, Reader>> = {
  grants: ({ grants = {} }) => ({ grants: readGrants(grants) }),
  introspection_resources: ({ introspection_resources = [] }) => ({
    introspection_resources: [...new Set(introspection_resources.map(parseResource))],
  }),
  jwks: async ({ jwks, token_endpoint_auth_method: method = 'private_key_jwt' }) => ({
    jwks: (await readClientKeys(JSON.stringify(jwks), method)).jwks,
  }),
  jwks_uri: ({ jwks_uri = '' }, { issuer }) => ({
    jwks_uri: checkJwksUri(jwks_uri, issuer, 'jwks_uri'),
  }),
  spiffe_bundle_endpoint: ({ spiffe_bundle_endpoint = '' }, { issuer }) => ({
    spiffe_bundle_endpoint: checkBundleEndpoint(spiffe_bundle_endpoint, issuer),
  }),
  claims: (written) => ({ claims: checkClaims(written.claims) }),
  trust: ({ trust = [] }, { issuer }) => {
    const rules = readTrustRules(JSON.stringify(trust), issuer);
    checkTrustRules(rules);
    return { trust: rules };
  },
  ...Object.fromEntries(
    certificateSubjects.map((name) => [
      name,
      (written: DeclaredClient) => ({ [name]: readSubject(name, written[name] ?? '') }),
    ]),
  ),
};

async function readMembers(
  written: DeclaredClient,
  path: Path,
  deployment: Deployment,
): Promise<Read<Partial<DeclaredClient>>> {
  const problems: Problem[] = [];
  let record: Partial<DeclaredClient> = {};
  for (const [name, read] of Object.entries(readers)) {
    if (written[name as keyof DeclaredClient] === undefined) continue;
    try {
      record = { ...record, ...(await read(written, deployment)) };
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      problems.push(problem([...path, name], inWordsOfFiles(error.message)));
    }
  }
  return problems.length > 0 ? { problems } : { record };
}

/** The registry's rules are told by options of the command line where those are what people know. */
const inWordsOfFiles = (sentence: string): string =>
  sentence.replaceAll(/--(jwks-uri|jwks|spiffe-[a-z-]+)/g, (_, option: string) =>
    option.replaceAll('-', '_'),
  );

function readGrants(written: Readonly<Record<string, string>>): Record<string, string> {
  // To valibot, a list is a record like any other.
  if (Array.isArray(written)) refuse(grantsRule);
  const grants = new Map<string, string>();
  for (const [named, scope] of Object.entries(written)) {
    const resource = parseResource(named);
    if (grants.has(resource)) refuse(`there are two grants for ${resource}`);
    grants.set(resource, scope);
  }
  return Object.fromEntries(grants);
}

function readSubject(name: (typeof certificateSubjects)[number], written: string): string {
  if (name === 'tls_client_auth_subject_dn') return readSubjectName(written).dn;
  const wrong = expectedSubjectProblem(name, written);
  return wrong === undefined ? written : refuse(wrong);
}

function refuse(sentence: string): never {
  throw new RegistryError('input', sentence);
}
