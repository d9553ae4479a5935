import type { AuthMethod } from '../../functions/oauth/client.ts';
import {
  type ClientCredentials,
  type CredentialKind,
  isSecretMethod,
  kindOfMember,
  neededKinds,
  presentKinds,
  usesKind,
} from '../client-authentication.ts';
import type { DeclaredClient } from './declaration.ts';
import { defaultMethod } from './normal-form.ts';
import { type Path, type Problem, problem } from './problem.ts';

/** What a method cannot do without, as it is written. */
const needed: Readonly<Record<CredentialKind, string>> = {
  secrets: '',
  audience: '',
  keys: 'jwks or jwks_uri',
  rules: 'trust',
  subject:
    'one of tls_client_auth_subject_dn, tls_client_auth_san_dns, tls_client_auth_san_uri, tls_client_auth_san_ip and tls_client_auth_san_email',
  bundle: 'spiffe_bundle_endpoint',
  workload: 'spiffe_id',
};

/** What is wrong with how a client is to authenticate: a member that its method does not use, one that is missing, or two of a kind. */
export function methodProblems(written: DeclaredClient, path: Path): readonly Problem[] {
  const method = written.token_endpoint_auth_method ?? defaultMethod;
  return [
    ...strayMembers(written, method, path),
    ...missingMembers(written, method, path),
    ...membersTwice(written, path),
  ];
}

const membersOf = (written: DeclaredClient) =>
  (Object.keys(written) as (keyof DeclaredClient)[]).flatMap((name) => {
    const kind = kindOfMember(name);
    const isSaid = written[name] !== undefined && written[name] !== false;
    return kind !== undefined && isSaid ? [{ name, kind }] : [];
  });

function strayMembers(written: DeclaredClient, method: AuthMethod, path: Path) {
  const stray = membersOf(written).filter(({ kind }) => !usesKind(method, kind));
  const isSaid = written.token_endpoint_auth_method !== undefined;
  const what = `token_endpoint_auth_method ${method}${isSaid ? '' : ', which is the default,'}`;
  const problems = stray.map(({ name }) =>
    problem([...path, name], `is nothing that ${what} uses`),
  );
  if (written.secret === undefined || isSecretMethod(method)) return problems;
  return [...problems, problem([...path, 'secret'], `is nothing that ${method} uses`)];
}

function missingMembers(written: DeclaredClient, method: AuthMethod, path: Path) {
  const present = presentKinds({ secrets: [], trust: [], ...written } as ClientCredentials);
  const missing = neededKinds(method).filter(
    (kind) => kind !== 'secrets' && !present.includes(kind),
  );
  return missing.map((kind) => problem(path, `${method} needs ${needed[kind]}`));
}

/** A client may have several trust rules, but one source of its keys and one subject. */
function membersTwice(written: DeclaredClient, path: Path) {
  const members = membersOf(written).filter(({ kind }) => kind === 'keys' || kind === 'subject');
  return members.flatMap(({ name, kind }, index) => {
    const first = members.findIndex((other) => other.kind === kind);
    if (first === index) return [];
    return [problem([...path, name], `does not go with ${members[first]?.name}: give one of them`)];
  });
}
