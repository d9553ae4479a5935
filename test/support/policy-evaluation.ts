/** A policy of a KMS key. */
export interface KeyPolicyDocument {
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Effect: string;
  readonly Principal: { readonly AWS: string };
  readonly Action: string | readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

/** Who asks KMS for what. */
export interface KeyRequest {
  /** ARN of the role, whoever has assumed it. */
  readonly role: string;
  readonly action: string;
  /** The other condition keys of the request. */
  readonly context?: Readonly<Record<string, string>>;
  /** Actions that IAM policies allow the role on all keys, with `*` as in IAM. */
  readonly iam: readonly string[];
}

/**
 * Whether KMS would do it, as its documentation says ("Default key policy", "Determining access"): an
 * Allow for the account lets IAM policies allow the action; one for everybody is enough by itself.
 */
export function allows({ Statement }: KeyPolicyDocument, request: KeyRequest): boolean {
  return Statement.filter((statement) => isAbout(statement, request)).some(
    ({ Principal }) => Principal.AWS === '*' || isDelegated(Principal.AWS, request),
  );
}

function isDelegated(principal: string, { role, action, iam }: KeyRequest): boolean {
  const account = role.replace(/:role\/.*$/, ':root');
  return principal === account && iam.some((pattern) => matches(pattern, action));
}

function isAbout(statement: Statement, { role, action, context = {} }: KeyRequest): boolean {
  if (statement.Effect !== 'Allow' || statement.Resource !== '*') throw new Error('not known here');
  const known: Readonly<Record<string, string>> = { 'aws:PrincipalArn': role, ...context };
  const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, values]) => {
    if (!['ArnEquals', 'StringEquals'].includes(operator)) throw new Error(`no ${operator} here`);
    return Object.entries(values);
  });
  return (
    [statement.Action].flat().some((pattern) => matches(String(pattern), action)) &&
    conditions.every(([key, values]) => [values].flat().some((value) => known[key] === value))
  );
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action);
