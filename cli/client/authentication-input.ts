import {
  type AuthMethod,
  type CertificateSubject,
  type ClientJwks,
  certificateSubjects,
} from '../../functions/oauth/client.ts';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import type { ClientProof } from '../../registry/client-authentication.ts';
import { readClientKeys } from '../../registry/client-keys.ts';
import { checkJwksUri } from '../../registry/jwks-uri.ts';
import {
  awsRoleRule,
  checkTrustRules,
  githubRule,
  kubernetesRule,
  readTrustRules,
} from '../../registry/trust/trust-rules.ts';
import { CliError } from '../cli-error.ts';
import type { Session } from '../command-context.ts';
import { readInput } from '../io/input-file.ts';
import type { ProofOptions } from './authentication-choice.ts';

/**
 * Reads what a command line gives a client to prove itself with; a kind of which it says nothing is
 * absent, one of which it says something is there with all its members.
 * @throws CliError when it is wrong, or cannot work at this deployment
 */
export async function readProof(
  session: Session,
  options: ProofOptions,
  method: AuthMethod,
): Promise<Partial<ClientProof>> {
  checkMutualTls(session, method);
  return {
    ...(await givenKeys(session, options, method)),
    ...givenSubject(options),
    ...(await givenRules(session, options)),
    ...(options.strictAudience !== undefined && {
      strict_assertion_audience: options.strictAudience,
    }),
  };
}

function checkMutualTls({ deployment }: Session, method: AuthMethod): void {
  const byCertificate = method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';
  if (!byCertificate || deployment.mtlsTokenEndpoint) return;
  throw new CliError(
    `this deployment has no mutual TLS, so that no client can prove itself by ${method}: deploy it with mtlsOrigin first`,
  );
}

async function givenKeys(
  { terminal, deployment }: Session,
  { jwks: path, jwksUri }: ProofOptions,
  method: AuthMethod,
): Promise<Partial<ClientProof>> {
  if (jwksUri !== undefined) {
    return { jwks: undefined, jwks_uri: checkJwksUri(jwksUri, deployment.issuer) };
  }
  if (path === undefined) return {};
  const jwks = await readClientKeys(await readInput(terminal, path));
  const bare = method === 'private_key_jwt';
  return { jwks: bare ? withoutCertificates(jwks) : jwks, jwks_uri: undefined };
}

/** An assertion is verified by the key alone. */
const withoutCertificates = ({ keys }: ClientJwks): ClientJwks => ({
  keys: keys.map(({ x5c: _, ...key }) => key),
});

function givenSubject(options: ProofOptions): Partial<ClientProof> {
  const subjects: Readonly<Record<CertificateSubject, string | undefined>> = {
    tls_client_auth_subject_dn: options.tlsSubjectDn,
    tls_client_auth_san_dns: options.tlsSanDns,
    tls_client_auth_san_uri: options.tlsSanUri,
    tls_client_auth_san_ip: options.tlsSanIp,
    tls_client_auth_san_email: options.tlsSanEmail,
  };
  return certificateSubjects.some((name) => subjects[name] !== undefined) ? subjects : {};
}

async function givenRules(session: Session, options: ProofOptions): Promise<Partial<ClientProof>> {
  const { trust: paths, github, awsRole, awsIssuer, kubernetes } = options;
  if (!paths && !github && !awsRole && !kubernetes) return {};
  const { issuer } = session.deployment;
  const trust: TrustRule[] = [];
  for (const path of paths ?? []) {
    trust.push(...readTrustRules(await readInput(session.terminal, path), issuer));
  }
  trust.push(
    ...(github ?? []).map((text) => githubRule(text, issuer)),
    ...(awsRole ?? []).map((arn) => awsRoleRule(arn, awsIssuer, issuer)),
    ...(kubernetes ?? []).map((text) => kubernetesRule(text, issuer)),
  );
  checkTrustRules(trust);
  return { trust };
}
