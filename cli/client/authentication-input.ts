import {
  type AuthMethod,
  type CertificateSubject,
  type Client,
  certificateSubjects,
} from '../../functions/oauth/client.ts';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import type { ClientCredentials } from '../../registry/client-authentication.ts';
import { checkJwksUri, readClientKeys } from '../../registry/client-keys.ts';
import { readCertificateSubject } from '../../registry/distinguished-names/certificate-file.ts';
import { checkBundleEndpoint } from '../../registry/spiffe-workload.ts';
import { awsRoleRule, githubRule, kubernetesRule } from '../../registry/trust/short-forms.ts';
import { checkTrustRules, readTrustRules } from '../../registry/trust/trust-rules.ts';
import type { CommandContext } from '../command/command-context.ts';
import { lacksMutualTls, withoutMutualTls } from '../command/mutual-tls.ts';
import { CliError } from '../io/cli-error.ts';
import { readBytes, readInput } from '../io/input-file.ts';
import { note } from '../io/terminal.ts';
import type { AuthenticationOptions } from './authentication-choice.ts';

/**
 * Reads the credentials that a command line gives a client. A kind of which it says nothing is absent;
 * one of which it says something is there with all its members, so that none of before stays.
 * @param today the client's, if there is one
 * @throws RegistryError when they are wrong; CliError when they cannot work at this deployment
 */
export async function readCredentials(
  context: CommandContext,
  options: AuthenticationOptions,
  { method, today = [] }: { readonly method: AuthMethod; readonly today?: Client['trust'] },
): Promise<Partial<ClientCredentials>> {
  checkMutualTls(context, method);
  return {
    ...(await givenKeys(context, options, method)),
    ...(await givenSubject(context, options)),
    ...givenWorkload(context, options),
    ...(await givenRules(context, options, today)),
    ...(options.strictAudience !== undefined && {
      strict_assertion_audience: options.strictAudience,
    }),
  };
}

function checkMutualTls({ deployment }: CommandContext, method: AuthMethod): void {
  if (lacksMutualTls(deployment, method)) throw new CliError(withoutMutualTls(method));
}

async function givenKeys(
  { terminal, deployment }: CommandContext,
  { jwks: file, jwksUri }: AuthenticationOptions,
  method: AuthMethod,
): Promise<Partial<ClientCredentials>> {
  const published = (url: string, option: string) => ({
    jwks: undefined,
    jwks_uri: checkJwksUri(url, deployment.issuer, option),
  });
  if (jwksUri !== undefined) return published(jwksUri, '--jwks-uri');
  if (file === undefined) return {};
  if (isUrl(file)) {
    const credentials = published(file, '--jwks');
    note(terminal, urlNote);
    return credentials;
  }
  const { jwks, notes } = await readClientKeys(await readInput(terminal, file), method);
  for (const sentence of notes) note(terminal, sentence);
  return { jwks, jwks_uri: undefined };
}

const isUrl = (text: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(text);

const urlNote =
  '--jwks is a URL: the keys are fetched from there, now and later, as with --jwks-uri. To register those of today, give them as a file.';

async function givenSubject(
  { terminal }: CommandContext,
  options: AuthenticationOptions,
): Promise<Partial<ClientCredentials>> {
  const { tlsSubjectDn: name, tlsCertificate: path } = options;
  if (name?.note !== undefined) note(terminal, name.note);
  const inFile =
    path === undefined ? undefined : readCertificateSubject(await readBytes(terminal, path));
  const subjects: Readonly<Record<CertificateSubject, string | undefined>> = {
    tls_client_auth_subject_dn: name?.dn ?? inFile,
    tls_client_auth_san_dns: options.tlsSanDns,
    tls_client_auth_san_uri: options.tlsSanUri,
    tls_client_auth_san_ip: options.tlsSanIp,
    tls_client_auth_san_email: options.tlsSanEmail,
  };
  return certificateSubjects.some((name) => subjects[name] !== undefined) ? subjects : {};
}

function givenWorkload(
  { deployment }: CommandContext,
  { spiffeId: spiffe_id, spiffeBundleEndpoint: endpoint }: AuthenticationOptions,
): Partial<ClientCredentials> {
  const spiffe_bundle_endpoint =
    endpoint === undefined ? undefined : checkBundleEndpoint(endpoint, deployment.issuer);
  return {
    ...(spiffe_id !== undefined && { spiffe_id }),
    ...(spiffe_bundle_endpoint !== undefined && { spiffe_bundle_endpoint }),
  };
}

async function givenRules(
  context: CommandContext,
  options: AuthenticationOptions,
  today: readonly TrustRule[],
): Promise<Partial<ClientCredentials>> {
  const { trust: paths, github, githubIssuer, awsRole, awsIssuer, kubernetes } = options;
  if (!paths && !github && !awsRole && !kubernetes) return {};
  const { issuer } = context.deployment;
  const trust: TrustRule[] = [];
  for (const path of paths ?? []) {
    trust.push(...readTrustRules(await readInput(context.terminal, path), issuer, today));
  }
  trust.push(
    ...(github ?? []).map((text) => githubRule(text, issuer, { githubIssuer, today })),
    ...(awsRole ?? []).map((arn) => awsRoleRule(arn, awsIssuer, issuer)),
    ...(kubernetes ?? []).map((text) => kubernetesRule(text, issuer)),
  );
  checkTrustRules(trust);
  return { trust };
}
