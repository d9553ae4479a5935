import type { Loopback } from './loopback.ts';

/** Where an issuer is: at an identifier where nothing listens, or at a port of this computer. */
export interface Place {
  /** The identifier as it is now. */
  readonly issuer: string;
  readonly isListening: boolean;
  /** The identifier for a token: from then on it cannot change. */
  settle(): string;
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** The issuer of tokens that nobody looks up. */
const nowhere = 'https://issuer.example';

/**
 * Keeps where an issuer is.
 * @param given the identifier that its owner wants; undefined: it may listen
 */
export function placeOf(given: string | undefined, start: () => Promise<Loopback>): Place {
  let issuer = given ?? nowhere;
  let isSettled = false;
  let loopback: Promise<Loopback> | undefined;
  let state: 'silent' | 'listening' | 'closed' = 'silent';
  return {
    get issuer() {
      return issuer;
    },
    get isListening() {
      return state === 'listening';
    },
    settle() {
      isSettled = true;
      return issuer;
    },
    async listen() {
      if (state === 'closed') throw new Error('the issuer is closed: make another one.');
      if (loopback === undefined) checkMayMove(given, isSettled);
      loopback ??= start();
      issuer = (await loopback).url;
      state = 'listening';
    },
    async close() {
      state = 'closed';
      await (await loopback)?.close();
    },
  };
}

function checkMayMove(given: string | undefined, isSettled: boolean): void {
  if (given !== undefined) {
    throw new Error(`issuer is ${given}, where testIssuer() cannot listen: leave issuer out.`);
  }
  if (!isSettled) return;
  throw new Error('a token was made already, with another issuer: call listen() before that.');
}
