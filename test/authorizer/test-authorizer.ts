import { onTestFinished } from 'vitest';
import { bearerTokensAlone } from '../../functions/authorizer/bearer-tokens.ts';
import { type ForeignIssuer, foreignIssuers } from '../../functions/authorizer/foreign-issuers.ts';
import { createHandler } from '../../functions/authorizer/handler.ts';
import {
  type IssuerKeys,
  issuerKeys,
  type Source,
} from '../../functions/authorizer/issuer-keys.ts';
import {
  noRevocations,
  type Revocations,
} from '../../functions/authorizer/revocations/revocations.ts';
import { parseRoutes } from '../../functions/authorizer/routes.ts';
import type { AuditEntry } from '../../functions/oauth/audit.ts';
import { audience, signToken, start, type TokenChange } from '../support/access-tokens.ts';
import type { DocumentServer } from '../support/document-server.ts';
import { memoryDocuments } from '../support/memory/memory-documents.ts';
import { type TestKey, testKey } from '../support/test-key.ts';
import { publishIssuer, type TestIssuer } from './issuer.ts';

/** The issuer's key in every test that does not change keys. */
export const issuerKey = await testKey();

/** An authorizer, the issuer that it trusts, and the clock and the log of both. */
export interface TestAuthorizer {
  readonly issuer: TestIssuer;
  readonly clock: { now: number };
  readonly log: AuditEntry[];
  readonly handler: ReturnType<typeof createHandler>;
  /** Signs a token of the issuer and makes it an Authorization value. */
  readonly bearer: (change?: TokenChange, key?: TestKey) => Promise<string>;
}

/** How an authorizer is to be. */
export interface Settings {
  readonly keys?: readonly TestKey[];
  readonly routes?: Readonly<Record<string, readonly string[]>>;
  readonly algorithms?: readonly string[];
  /** Milliseconds. */
  readonly fetchTimeout?: number;
  readonly fetch?: typeof fetch;
  /** Makes what knows what was taken back. @default nobody does */
  readonly revocations?: (verifying: Verifying) => Revocations;
  /** FOREIGN_ISSUERS; the fetch has to find them. @default none */
  readonly foreign?: readonly ForeignIssuer[];
  /** What the issuer publishes on. @default documents in memory */
  readonly startDocuments?: () => Promise<DocumentServer>;
}

/** What an authorizer verifies by. */
interface Verifying extends Source {
  readonly algorithms: readonly string[];
  readonly keys: IssuerKeys;
}

/** Route -> scope in tests that do not say otherwise. */
const defaultRoutes = { 'GET /orders/{id}': ['read'], 'POST /orders': ['write'] };

/** Starts an issuer and an authorizer that trusts it; both end with the test. */
export async function testAuthorizer(settings: Settings = {}): Promise<TestAuthorizer> {
  const published = settings.keys ?? [issuerKey];
  const { startDocuments = async () => memoryDocuments() } = settings;
  const issuer = publishIssuer(
    await startDocuments(),
    published.map(({ jwk }) => jwk),
  );
  onTestFinished(issuer.close);
  const clock = { now: start };
  const log: AuditEntry[] = [];
  const now = () => clock.now;
  const { fetchTimeout = 2000 } = settings;
  const source = { issuer: issuer.url, fetch: settings.fetch ?? issuer.fetch, fetchTimeout, now };
  const verifying = {
    ...source,
    algorithms: settings.algorithms ?? ['RS256'],
    keys: issuerKeys(source),
    foreign:
      settings.foreign && foreignIssuers(JSON.stringify(settings.foreign), { ...source, audience }),
  };
  const { revocations = () => noRevocations } = settings;
  const handler = createHandler({
    ...verifying,
    audience,
    basePath: '',
    confirm: bearerTokensAlone,
    revocations: revocations(verifying),
    dpopAlgorithms: [],
    routes: parseRoutes(JSON.stringify(settings.routes ?? defaultRoutes)),
    audit: (entry) => log.push(entry),
  });
  const bearer = async (change?: TokenChange, key = issuerKey) =>
    `Bearer ${await signToken(issuer.url, key, change)}`;
  return { issuer, clock, log, handler, bearer };
}
