import type { AuthMethod } from '../../functions/oauth/client.ts';
import {
  type CredentialKind,
  neededKinds,
  usesKind,
} from '../../registry/client-authentication.ts';
import type { SubjectName } from '../../registry/distinguished-names/read-name.ts';
import { CliError } from '../io/cli-error.ts';

/** What a command line says of how a client authenticates; files are named, not read yet. */
export interface AuthenticationOptions {
  readonly authMethod?: AuthMethod;
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly strictAudience?: boolean;
  readonly tlsSubjectDn?: SubjectName;
  readonly tlsCertificate?: string;
  readonly tlsSanDns?: string;
  readonly tlsSanUri?: string;
  readonly tlsSanIp?: string;
  readonly tlsSanEmail?: string;
  readonly spiffeBundleEndpoint?: string;
  readonly spiffeId?: string;
  readonly trust?: readonly string[];
  readonly github?: readonly string[];
  readonly githubIssuer?: string;
  readonly awsRole?: readonly string[];
  readonly awsIssuer?: string;
  readonly kubernetes?: readonly string[];
}

interface CredentialOption {
  readonly flag: string;
  readonly kind: CredentialKind;
}

const keys = 'keys';
const subject = 'subject';
const rules = 'rules';

const credentialOptions: Readonly<
  Record<Exclude<keyof AuthenticationOptions, 'authMethod'>, CredentialOption>
> = {
  jwks: { flag: '--jwks', kind: keys },
  jwksUri: { flag: '--jwks-uri', kind: keys },
  tlsSubjectDn: { flag: '--tls-subject-dn', kind: subject },
  tlsCertificate: { flag: '--tls-certificate', kind: subject },
  tlsSanDns: { flag: '--tls-san-dns', kind: subject },
  tlsSanUri: { flag: '--tls-san-uri', kind: subject },
  tlsSanIp: { flag: '--tls-san-ip', kind: subject },
  tlsSanEmail: { flag: '--tls-san-email', kind: subject },
  spiffeBundleEndpoint: { flag: '--spiffe-bundle-endpoint', kind: 'bundle' },
  spiffeId: { flag: '--spiffe-id', kind: 'workload' },
  trust: { flag: '--trust', kind: rules },
  github: { flag: '--github', kind: rules },
  githubIssuer: { flag: '--github-issuer', kind: rules },
  awsRole: { flag: '--aws-role', kind: rules },
  awsIssuer: { flag: '--aws-issuer', kind: rules },
  kubernetes: { flag: '--kubernetes', kind: rules },
  // Last: the first option that is given implies the method.
  strictAudience: { flag: '--strict-audience', kind: 'audience' },
};

/** The method that a kind is for, when nobody says which. */
const impliedBy: Readonly<Record<CredentialKind, AuthMethod>> = {
  secrets: 'client_secret_basic',
  keys: 'private_key_jwt',
  audience: 'private_key_jwt',
  rules: 'federated',
  subject: 'tls_client_auth',
  bundle: 'spiffe_jwt',
  workload: 'spiffe_x509',
};

/** What is said when a method lacks the credentials that it cannot do without. */
const needs: Readonly<Record<CredentialKind, string | undefined>> = {
  secrets: undefined,
  audience: undefined,
  keys: 'needs the public keys of the client: give --jwks FILE or --jwks-uri URL',
  rules:
    'needs to know whom to trust: give --trust FILE, --github owner/repo, --aws-role ARN or --kubernetes ISSUER:NAMESPACE:NAME',
  subject:
    'needs the subject of the client certificate: give --tls-subject-dn, --tls-certificate, --tls-san-dns, --tls-san-uri, --tls-san-ip or --tls-san-email',
  bundle:
    'needs to know where the trust domain publishes its bundle: give --spiffe-bundle-endpoint URL',
  workload: 'needs the SPIFFE ID of the client: give --spiffe-id ID',
};

/**
 * Which method a command line asks for: the one that it names, else the one that the client has if
 * all fits it, else the one that its first option is for.
 * @param current the client's, if there is one
 * @param has the kinds of credentials that the client has already
 * @throws CliError when an option is not for the method, or one is missing
 */
export function chooseAuthMethod(
  options: AuthenticationOptions,
  current?: AuthMethod,
  has: readonly CredentialKind[] = [],
): AuthMethod {
  const given = givenOptions(options);
  checkTogether(given, options);
  // --strict-audience alone does not change the method.
  const main = given.find(({ kind }) => kind !== 'audience');
  const fits = current && given.every(({ kind }) => usesKind(current, kind));
  const implied = fits || !main ? current : impliedBy[main.kind];
  const method = options.authMethod ?? implied ?? impliedBy[given[0]?.kind ?? 'secrets'];
  const stray = given.find(({ kind }) => !usesKind(method, kind));
  if (stray) {
    const other = options.authMethod ? `--auth-method ${method}` : (main?.flag ?? method);
    refuse(`${stray.flag} does not go with ${other}: a client authenticates in one way`);
  }
  checkComplete(method, [...given.map(({ kind }) => kind), ...has]);
  return method;
}

function checkComplete(method: AuthMethod, kinds: readonly CredentialKind[]): void {
  const missing = neededKinds(method).find((kind) => !kinds.includes(kind));
  const sentence = missing && needs[missing];
  if (sentence !== undefined) refuse(`${method} ${sentence}`);
}

/** Whether a command line says anything of how a client authenticates. */
export function isAboutAuthentication(options: AuthenticationOptions): boolean {
  return options.authMethod !== undefined || givenOptions(options).length > 0;
}

function givenOptions(options: AuthenticationOptions): readonly CredentialOption[] {
  return Object.entries(credentialOptions).flatMap(([name, option]) =>
    options[name as keyof AuthenticationOptions] === undefined ? [] : [option],
  );
}

/** A client may have several trust rules, but one source of its keys and one subject. */
function checkTogether(given: readonly CredentialOption[], options: AuthenticationOptions): void {
  for (const kind of [keys, subject]) {
    const [one, other] = given.filter((option) => option.kind === kind);
    if (one && other) refuse(`give one of ${one.flag} and ${other.flag}, not both`);
  }
  if (options.githubIssuer !== undefined && !options.github) {
    refuse('--github-issuer says at which GitHub a repository is: give --github too');
  }
  if (options.awsIssuer !== undefined && !options.awsRole) {
    refuse('--aws-issuer says whose role it is: give --aws-role too');
  }
}

function refuse(sentence: string): never {
  throw new CliError(sentence, 2);
}
