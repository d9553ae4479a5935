import { decodeJwt, type JWTPayload } from 'jose';
import {
  authenticateClient,
  type ClientAuthentication,
} from '../../../functions/authentication/client-authentication.ts';
import { verifySignature } from '../../../functions/authentication/methods/assertion-signature.ts';
import { readAssertion } from '../../../functions/authentication/methods/client-assertion.ts';
import { keysOfRule, rulesFor } from '../../../functions/authentication/methods/trust-rule-keys.ts';
import { lastCause } from '../../../functions/oauth/audit.ts';
import type { Client } from '../../../functions/oauth/client.ts';
import { KeysUnavailable, OAuthError } from '../../../functions/oauth/oauth-error.ts';
import type { TrustRule } from '../../../functions/oauth/trust-rule.ts';
import { type Comparison, comparisons } from './comparison.ts';

/** Whether something is so; undefined: it cannot be told. And why not. */
export interface Told {
  readonly is: boolean | undefined;
  readonly why?: string | undefined;
}

/** What becomes of a JWT that a client shows. */
export interface Verdict {
  readonly letIn: Told;
  /** Whether a key of its issuer has signed it. */
  readonly verified: Told;
  readonly rules: readonly RuleVerdict[];
}

interface RuleVerdict {
  readonly rule: TrustRule;
  readonly comparisons: readonly Comparison[];
  readonly agrees: boolean;
}

/**
 * Says whether a JWT would let a federated client in, as the token endpoint decides it: by the same functions. It
 * fetches the keys of issuers that the client trusts, sends the JWT to nobody, and uses up nothing.
 * @param doubt why the token endpoint may demand more than the context has; undefined: it does not
 */
export async function verdictOn(
  jwt: string,
  client: Client,
  context: ClientAuthentication,
  doubt: string | undefined,
): Promise<Verdict> {
  const claims = decodeJwt(jwt);
  const rules = client.trust.map((rule) => {
    const compared = comparisons(rule, claims, context.now());
    return { rule, comparisons: compared, agrees: compared.every(({ agrees }) => agrees) };
  });
  const decided = withDoubt(await decision(jwt, client, context), doubt);
  // Where a signature cannot be checked, the claims alone may say no.
  const letIn = decided.is === undefined ? (claimsRefusal(rules) ?? decided) : decided;
  return { letIn, verified: await verification(jwt, client, claims, context), rules };
}

/** That the claims fit no rule; undefined: they fit one. Rules for other issuers have nothing to say. */
function claimsRefusal(rules: readonly RuleVerdict[]): Told | undefined {
  if (rules.some(({ agrees }) => agrees)) return undefined;
  const wrong = rules.flatMap(({ comparisons: [issuer, ...others] }) =>
    issuer?.agrees ? (others.find(({ agrees }) => !agrees)?.claim ?? []) : [],
  );
  return { is: false, why: `no trust rule agrees: ${wrong.join(', ')}` };
}

/** What more demands may refuse, though not let in. */
const withDoubt = (decided: Told, doubt: string | undefined): Told =>
  decided.is && doubt !== undefined ? { is: undefined, why: doubt } : decided;

/** What the token endpoint decides. */
async function decision(jwt: string, client: Client, context: ClientAuthentication): Promise<Told> {
  try {
    await authenticateClient(shown(jwt, client), client, context);
    return { is: true };
  } catch (error) {
    return refusal(error);
  }
}

/** By a clock at which the JWT is valid: that it has expired says nothing of its signature. */
async function verification(
  jwt: string,
  client: Client,
  { iss, nbf, exp }: JWTPayload,
  { publishedKeys, profile, now }: ClientAuthentication,
): Promise<Told> {
  const [rule] = rulesFor(String(iss), client.trust);
  if (!rule) {
    return {
      is: undefined,
      why: 'no trust rule has this issuer, and only those are asked for keys',
    };
  }
  const whenValid = Math.min(
    Math.max(now(), timeOr(0, nbf)),
    timeOr(Number.POSITIVE_INFINITY, exp),
  );
  try {
    const { assertion } = shown(jwt, client);
    const checks = { profile, now: () => whenValid };
    await verifySignature(assertion, keysOfRule(rule, publishedKeys), checks);
    return { is: true };
  } catch (error) {
    return refusal(error);
  }
}

/** A claim that is a time; what is none is refused for itself. */
const timeOr = (otherwise: number, claim: unknown): number =>
  typeof claim === 'number' ? claim : otherwise;

/** What a request with this JWT shows (RFC 7523 §2.2). */
const shown = (jwt: string, { client_id }: Client) =>
  ({ client_id, way: 'client_assertion', assertion: readAssertion(jwt) }) as const;

function refusal(error: unknown): Told {
  if (!(error instanceof OAuthError)) throw error;
  const is = error instanceof KeysUnavailable ? undefined : false;
  return { is, why: inWords(lastCause(error)) };
}

/** An error's own words; that it is an error goes without saying. */
const inWords = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
