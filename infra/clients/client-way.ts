import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { DeclaredClient } from '../../registry/declared/declaration.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';

/**
 * A service account of a Kubernetes cluster.
 *
 * @example
 * import type { KubernetesServiceAccount } from 'countersign';
 *
 * const kubernetes: KubernetesServiceAccount = {
 *   issuer: 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE',
 *   namespace: 'shop',
 *   serviceAccount: 'billing',
 * };
 */
export interface KubernetesServiceAccount {
  /** The issuer of the cluster, as `kubectl get --raw /.well-known/openid-configuration` tells it. */
  readonly issuer: string;
  /** The namespace. */
  readonly namespace: string;
  /** The name of the service account. */
  readonly serviceAccount: string;
}

/**
 * What a client's certificate names: one of these.
 *
 * @example
 * import type { ClientCertificate } from 'countersign';
 *
 * const certificate: ClientCertificate = { sanDns: 'billing.example.com' };
 */
export interface ClientCertificate {
  /**
   * The subject, a distinguished name such as `CN=billing,O=Example`.
   * @default another member says what it names
   */
  readonly subjectDn?: string;
  /**
   * A DNS name of the subject alternative name.
   * @default another member says what it names
   */
  readonly sanDns?: string;
  /**
   * A URI of the subject alternative name.
   * @default another member says what it names
   */
  readonly sanUri?: string;
  /**
   * An IP address of the subject alternative name.
   * @default another member says what it names
   */
  readonly sanIp?: string;
  /**
   * An e-mail address of the subject alternative name.
   * @default another member says what it names
   */
  readonly sanEmail?: string;
}

/**
 * How a client authenticates: with a secret, or in one of these ways without one.
 * @internal
 */
export interface ClientWays {
  /**
   * An IAM role, whose workloads show what `sts:GetWebIdentityToken` gives them. It needs `awsIssuer`, too.
   * @default another way
   */
  readonly iamRole?: IRole;
  /**
   * The issuer of the AWS account that `iamRole` is in: outbound identity federation has to be turned on there, and
   * `aws iam get-outbound-web-identity-federation-info` tells it.
   * @default there is no `iamRole`
   */
  readonly awsIssuer?: string;
  /**
   * A repository of GitHub, whose workflows show the tokens of their jobs: `octo-org/app`, or `octo-org/app@main` for
   * one branch or `refs/...`.
   * @default another way
   */
  readonly github?: string;
  /**
   * The issuer of another GitHub than github.com.
   * @default that of github.com
   */
  readonly githubIssuer?: string;
  /**
   * A service account of Kubernetes, whose pods show their projected tokens.
   * @default another way
   */
  readonly kubernetes?: KubernetesServiceAccount;
  /**
   * A SPIFFE ID, shown by an X.509-SVID; with `spiffeBundleEndpoint` by a JWT-SVID.
   * @default another way
   */
  readonly spiffe?: string;
  /**
   * Where the trust domain of `spiffe` publishes its bundle.
   * @default the client shows X.509-SVIDs
   */
  readonly spiffeBundleEndpoint?: string;
  /**
   * Its public keys, a JWK Set as JSON: the client signs its assertions with the private ones (RFC 7523).
   * @default another way
   */
  readonly jwks?: string;
  /**
   * Where it publishes its public keys.
   * @default another way
   */
  readonly jwksUri?: string;
  /**
   * What its certificate names, which a trusted authority has issued.
   * @default another way
   */
  readonly certificate?: ClientCertificate;
  /**
   * Whom it trusts on any platform: rules and presets as `client create --trust` takes them, such as
   * `[{ platform: 'gitlab', project: 'group/app', ref: 'main' }]`.
   * @default another way
   */
  readonly trust?: Record<string, unknown>[];
}

type Members = Partial<DeclaredClient>;

const federated = (...trust: object[]): Members => ({
  token_endpoint_auth_method: 'federated',
  trust,
});

/** Each way without a secret: the members of a client that authenticates so. */
const ways: Readonly<Record<string, (props: ClientWays) => Members | undefined>> = {
  iamRole: ({ iamRole, awsIssuer: issuer }) =>
    iamRole && federated({ platform: 'aws', issuer, role: iamRole.roleArn }),
  github: ({ github, githubIssuer: issuer }) => {
    if (github === undefined) return undefined;
    const [, repository = github, ref] = /^([^@]+)(?:@(.+))?$/.exec(github) ?? [];
    return federated({ platform: 'github', issuer, repository, ref });
  },
  kubernetes: ({ kubernetes }) => {
    if (!kubernetes) return undefined;
    const { issuer, namespace, serviceAccount: service_account } = kubernetes;
    return federated({ platform: 'kubernetes', issuer, namespace, service_account });
  },
  spiffe: ({ spiffe: spiffe_id, spiffeBundleEndpoint: spiffe_bundle_endpoint }) =>
    spiffe_id === undefined
      ? undefined
      : {
          token_endpoint_auth_method: spiffe_bundle_endpoint ? 'spiffe_jwt' : 'spiffe_x509',
          spiffe_id,
          spiffe_bundle_endpoint,
        },
  jwks: ({ jwks }) =>
    jwks === undefined
      ? undefined
      : { token_endpoint_auth_method: 'private_key_jwt', jwks: parsedKeys(jwks) },
  jwksUri: ({ jwksUri: jwks_uri }) =>
    jwks_uri === undefined
      ? undefined
      : { token_endpoint_auth_method: 'private_key_jwt', jwks_uri },
  certificate: ({ certificate }) =>
    certificate && {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: certificate.subjectDn,
      tls_client_auth_san_dns: certificate.sanDns,
      tls_client_auth_san_uri: certificate.sanUri,
      tls_client_auth_san_ip: certificate.sanIp,
      tls_client_auth_san_email: certificate.sanEmail,
    },
  trust: ({ trust }) => trust && federated(...trust),
};

/** What goes with a way, and with no other. */
const companions: readonly (readonly [keyof ClientWays, keyof ClientWays])[] = [
  ['awsIssuer', 'iamRole'],
  ['githubIssuer', 'github'],
  ['spiffeBundleEndpoint', 'spiffe'],
];

/**
 * The members of a client that authenticates without a secret; undefined: it has one.
 * @throws ConfigurationError when there are two ways, or half of one
 */
export function secretlessMembers(props: ClientWays): Members | undefined {
  const chosen = Object.entries(ways).flatMap(([name, way]) => {
    const members = way(props);
    return members ? [{ name, members }] : [];
  });
  if (chosen.length > 1) {
    const names = chosen.map(({ name }) => name).join(' and ');
    throw new ConfigurationError(
      `${names} are ways to authenticate, and a client has one: leave one of them.`,
    );
  }
  for (const [name, way] of companions) {
    if (props[name] === undefined || props[way] !== undefined) continue;
    throw new ConfigurationError(`${name} goes with ${way}: set that, too, or leave out ${name}.`);
  }
  if (props.iamRole && props.awsIssuer === undefined) throw new ConfigurationError(noAwsIssuer);
  return chosen[0]?.members;
}

const noAwsIssuer =
  'iamRole needs awsIssuer, the issuer of its AWS account: turn outbound identity federation on there, and ' +
  'aws iam get-outbound-web-identity-federation-info tells it.';

function parsedKeys(jwks: string): NonNullable<DeclaredClient['jwks']> {
  try {
    return JSON.parse(jwks);
  } catch (cause) {
    const sentence = 'jwks is no JSON: give the text of a JWK Set, such as {"keys": [...]}.';
    throw new ConfigurationError(sentence, { cause });
  }
}
