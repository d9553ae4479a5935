import { algorithmsFor } from '../../functions/oauth/assertion-algorithms.ts';
import { type Client, type ClientJwks, certificateSubjects } from '../../functions/oauth/client.ts';
import type { TrustRule } from '../../functions/oauth/trust-rule.ts';
import { type CredentialKind, usesKind } from '../../registry/client-authentication.ts';
import { risksOf } from '../../registry/trust/risks.ts';
import type { Cell } from '../io/table.ts';

type Rows = Readonly<Record<string, Cell | undefined>>;

const nothing = 'none: it gets no token';
const orNothing = (lines: readonly string[]): Cell => (lines.length > 0 ? lines : nothing);

const rows: Readonly<Record<CredentialKind, (client: Client) => Rows>> = {
  secrets: ({ secrets }) => ({ secrets: secrets.map(({ id }) => id).join(' ') || nothing }),
  keys: ({ jwks, jwks_uri }) =>
    jwks_uri === undefined ? { keys: orNothing(keyLines(jwks)) } : { 'key set': jwks_uri },
  audience: ({ strict_assertion_audience: strict }) => ({
    'assertions for': strict ? 'the issuer' : 'the issuer or the token endpoint',
  }),
  rules: ({ trust }) => ({ trusts: orNothing(trust.flatMap(ruleLines)) }),
  bundle: ({ spiffe_bundle_endpoint }) => ({ bundle: spiffe_bundle_endpoint ?? nothing }),
  workload: ({ spiffe_id }) => ({ 'SPIFFE ID': spiffe_id ?? nothing }),
  subject: (client) => ({
    certificate: orNothing(
      certificateSubjects.flatMap((name) =>
        client[name] === undefined ? [] : `${subjectName(name)} ${client[name]}`,
      ),
    ),
  }),
};

/** What a client authenticates with, as people see it; nothing of it is secret. */
export function credentialRows(client: Client): Rows {
  const kinds = Object.keys(rows) as readonly CredentialKind[];
  const used = kinds.filter((kind) => usesKind(client.token_endpoint_auth_method, kind));
  return Object.assign({}, ...used.map((kind) => rows[kind](client)));
}

/** One line for each key: its `kid`, if it has one, and what it may sign by. */
function keyLines(jwks: ClientJwks | undefined): readonly string[] {
  const line = ({ kid, alg, kty, crv }: ClientJwks['keys'][number]) =>
    `${kid ?? 'no kid'} (${alg ?? algorithmsFor({ kty, crv }).join(' or ')})`;
  return (jwks?.keys ?? []).map(line);
}

/** A rule on one line for `issuer` and subject, and one for each claim and each risk. */
function ruleLines(rule: TrustRule): readonly string[] {
  const subject = rule.subject ?? `${rule.subject_glob} (* is anything)`;
  const claims = Object.entries(rule.claims).map(([name, value]) => {
    return `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  const warnings = risksOf(rule).map((risk) => `  warning: ${risk}`);
  const use = rule.single_use ? ', each once' : '';
  const limits = `  for ${rule.audience}, ${rule.max_lifetime} s at most${use}`;
  return [`${rule.issuer} ${subject}`, ...claims, ...keySourceLines(rule), limits, ...warnings];
}

/** Where the keys of the issuer are, if not where discovery finds them. */
function keySourceLines({ jwks, jwks_uri, jwks_ca }: TrustRule): readonly string[] {
  const keys = keyLines(jwks).map((line) => `  key ${line}`);
  const authority = jwks_ca === undefined ? '' : ', by an authority of its own';
  return jwks_uri === undefined ? keys : [...keys, `  keys from ${jwks_uri}${authority}`];
}

const subjectName = (name: string): string =>
  name.replace('tls_client_auth_', '').replace('_', ' ');
