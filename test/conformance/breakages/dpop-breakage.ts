import { answerWhen, tokenWhen } from './answer-breakage.ts';
import { letIn } from './api-breakage.ts';
import type { AnswerInHand, Breakage, RequestInHand } from './broken-deployment.ts';
import { headerOf, setHeader } from './message-in-hand.ts';

type Members = Readonly<Record<string, unknown>>;

/** A DPoP proof as it came. */
interface ProofInHand {
  readonly header: Members;
  readonly claims: Members;
  /** As it stands in the JWT. */
  readonly signature: string;
  /** What it came with, at the API. */
  readonly access_token: string;
}

/** How nonces are asked for otherwise than they should be. */
interface NonceBreakage {
  /** @default the one that is given */
  readonly isGood?: (nonce: unknown) => boolean;
  /** @default one DPoP-Nonce header */
  readonly change?: (answer: AnswerInHand) => void;
}

/** Breaks several things at once, in this order. */
export function allOf(...breakages: readonly Breakage[]): Breakage {
  const each = (name: 'answer' | 'apiAnswer') => (answer: AnswerInHand, request: RequestInHand) => {
    for (const one of breakages) one[name]?.(answer, request);
  };
  const metadata = (members: Record<string, unknown>) => {
    for (const one of breakages) one.metadata?.(members);
  };
  return { answer: each('answer'), apiAnswer: each('apiAnswer'), metadata };
}

/** Gives a token for proofs of a kind. */
export const takesProof = (isTaken: (proof: ProofInHand) => boolean): Breakage =>
  tokenWhen((_, request) => isOfKind(request, isTaken));

/** Lets in, at the API, whoever has a proof of a kind. */
export const letInProof = (isTaken: (proof: ProofInHand) => boolean): Breakage =>
  letIn((request) => isOfKind(request, isTaken));

/** Asks for nonces at the token endpoint (RFC 9449 §8). */
export const asksForNonce = ({ isGood = isGiven, change }: NonceBreakage = {}): Breakage =>
  answerWhen(
    ({ status }, request) =>
      status === 200 && isOfKind(request, ({ claims }) => !isGood(claims.nonce)),
    (answer) => {
      answer.status = 400;
      answer.body = '{"error":"use_dpop_nonce"}';
      setHeader(answer, 'DPoP-Nonce', given);
      change?.(answer);
    },
  );

/** Asks for nonces at the API (RFC 9449 §9). */
export function apiAsksForNonce({ isGood = isGiven, change }: NonceBreakage = {}): Breakage {
  return {
    apiAnswer: (answer, request) => {
      if (!isOfKind(request, ({ claims }) => !isGood(claims.nonce))) return;
      if (answer.status > 299) return;
      answer.status = 401;
      setHeader(answer, 'WWW-Authenticate', 'DPoP error="use_dpop_nonce", algs="ES256"');
      setHeader(answer, 'DPoP-Nonce', given);
      change?.(answer);
    },
  };
}

/** Lets in again, at the API, what it has let in once, by what it knows it again. */
export function remembers(whatOf: (request: RequestInHand) => string): Breakage {
  const known = new Set<string>();
  return {
    apiAnswer: (answer, request) => {
      const what = whatOf(request);
      if (answer.status < 300) known.add(what);
      if (known.has(what)) answer.status = 200;
    },
  };
}

/** Whether a request has a DPoP header. */
export const hasProof = (request: RequestInHand): boolean => headerOf(request, 'dpop') !== '';

/** Whether the API is called under a scheme. */
export const isUnder =
  (scheme: string) =>
  (request: RequestInHand): boolean =>
    headerOf(request, 'authorization').toLowerCase().startsWith(`${scheme} `);

const given = 'n-1';
const isGiven = (nonce: unknown): boolean => nonce === given;

function isOfKind(request: RequestInHand, isMeant: (proof: ProofInHand) => boolean): boolean {
  const [header = '', claims = '', signature = ''] = headerOf(request, 'dpop').split('.');
  try {
    const [, access_token = ''] = headerOf(request, 'authorization').split(' ');
    const parts = { header: membersIn(header), claims: membersIn(claims), signature };
    return isMeant({ ...parts, access_token });
  } catch {
    return false;
  }
}

const membersIn = (part: string): Members => JSON.parse(Buffer.from(part, 'base64url').toString());
