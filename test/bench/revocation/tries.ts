import { setTimeout as delay } from 'node:timers/promises';
import type { Target } from './target.ts';
import { newTryClient, type TryClient, type Way } from './ways.ts';

/** What one try has shown: seconds from when the command began. */
export interface TryFigures {
  /** Until the first call with the token that was refused. */
  readonly first: number;
  /** Until the last one that was let in, by whichever instance of the authorizer. */
  readonly last: number;
  /** How many calls were neither let in nor refused, since an authorizer could not tell. */
  readonly undecided: number;
}

/** Milliseconds from a call with a token to the next. */
const interval = 250;
/** Seconds for which calls go on at least, and after the last one that was let in. */
const [atLeast, afterwards] = [8, 2];
/** Seconds after which a token that is let in has not been taken back. */
const never = 60;
/** Seconds until an API knows a new key at the latest: it looks for one no more often than every 30. */
const keyKnown = 75;

/** Takes back a token in this way so many times at once, or one after the other where it is for all. */
export async function tryWay(
  target: Target,
  way: Way,
  tries: number,
): Promise<readonly TryFigures[]> {
  if (!way.isForAll) {
    return Promise.all(Array.from({ length: tries }, () => tryOnce(target, way)));
  }
  const figures: TryFigures[] = [];
  for (let turn = 0; turn < tries; turn += 1) figures.push(await tryOnce(target, way));
  return figures;
}

async function tryOnce(target: Target, way: Way): Promise<TryFigures> {
  const client = await newTryClient(target);
  await untilKnown(target, client);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const calls = callsUntilRefused(target, client, elapsed);
  await way.revoke(target, client);
  return calls;
}

/** Calls the API with the token again and again, whether or not it has answered the call before. */
async function callsUntilRefused(
  target: Target,
  { access_token }: TryClient,
  elapsed: () => number,
): Promise<TryFigures> {
  let [first, last, undecided] = [Number.NaN, 0, 0];
  const calls: Promise<void>[] = [];
  const one = async () => {
    const sent = elapsed();
    const isIn = await isLetIn(target, access_token);
    if (isIn === undefined) undecided += 1;
    else if (isIn) last = Math.max(last, sent);
    else first = Number.isNaN(first) ? elapsed() : Math.min(first, elapsed());
  };
  while (Number.isNaN(first) || elapsed() < Math.max(atLeast, last + afterwards)) {
    if (elapsed() > never)
      throw new Error(`a token is not refused ${never} s after it was taken back`);
    calls.push(one());
    await delay(interval);
  }
  await Promise.all(calls);
  return { first, last, undecided };
}

/** All instances of the authorizer have to know the key: several calls in a row are let in. */
async function untilKnown(target: Target, { access_token }: TryClient): Promise<void> {
  const latest = performance.now() + keyKnown * 1000;
  let inARow = 0;
  while (inARow < 8) {
    inARow = (await isLetIn(target, access_token)) ? inARow + 1 : 0;
    if (inARow > 0) continue;
    if (performance.now() > latest) throw new Error(`a new token is refused for ${keyKnown} s`);
    await delay(interval);
  }
}

/** @returns undefined when the answer is neither yes nor no: on a busy computer a list may come too late */
async function isLetIn(
  { api, refusals }: Target,
  access_token: string,
): Promise<boolean | undefined> {
  const { status } = await fetch(api, { headers: { authorization: `Bearer ${access_token}` } });
  if (status === 200) return true;
  if (refusals.includes(status)) return false;
  if (status >= 500) return undefined;
  throw new Error(`the API answers ${status}`);
}

/** What became of a token after the issuer was gone: seconds from then on. */
export interface StaleFigures {
  /** Until the last call that was let in. */
  readonly last: number;
  /** What was answered then. */
  readonly status: number;
}

/** Gets a token that all instances let in. */
export async function goodToken(target: Target): Promise<string> {
  const client = await newTryClient(target);
  await untilKnown(target, client);
  return client.access_token;
}

/** Calls the API with a good token, while there is no issuer, until it is let in no longer. */
export async function untilStale({ api }: Target, access_token: string): Promise<StaleFigures> {
  const began = performance.now();
  for (let last = 0; ; ) {
    const seconds = (performance.now() - began) / 1000;
    const { status } = await fetch(api, { headers: { authorization: `Bearer ${access_token}` } });
    if (status === 200) last = seconds;
    else if (seconds > last + afterwards) return { last, status };
    if (seconds > 3 * never) throw new Error('a token is let in for minutes without an issuer');
    await delay(interval);
  }
}
