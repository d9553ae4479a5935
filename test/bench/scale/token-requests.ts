import { basic } from '../../support/http-api-event.ts';
import type { Contestant } from '../report/rounds.ts';
import { percentile, send } from './load.ts';
import type { InstanceFigures } from './process-instance.ts';
import { clientId } from './registries.ts';
import type { StackChild } from './stack-child.ts';

/**
 * What a round of token requests measures: latency in milliseconds; answers a second; microseconds of
 * processor time a request, of the function and of the emulator; megabytes of the largest instance.
 */
export type TokenFigure = 'p50' | 'p99' | 'inside' | 'rate' | 'own' | 'emulator' | 'rss' | 'heap';

/** Which token requests are sent. */
export interface TokenLoad {
  /** Of the contestant, and of its door. */
  readonly name: string;
  /** How many clients are registered; each request is of a random one. */
  readonly clients: number;
  readonly connections: number;
  /** A round. */
  readonly requests: number;
}

const headers = { 'content-type': 'application/x-www-form-urlencoded' };
const body = 'grant_type=client_credentials';

/** A contestant that asks a door for tokens. */
export function tokenRequests(stack: StackChild, load: TokenLoad): Contestant<TokenFigure> {
  const { name, clients, connections, requests } = load;
  const url = stack.urls[name] ?? '';
  const each = () => {
    const client_id = clientId(Math.floor(Math.random() * clients));
    return { headers: { authorization: basic(client_id, stack.client_secret) }, body };
  };
  return {
    name,
    async round() {
      const before = await stack.figures(name);
      const latency = await send({ url, connections, requests, headers, each });
      const after = await stack.figures(name);
      const emulator = (after.cpu - before.cpu) / requests;
      return { ...latency, ...ofFunction(after.instances, requests), emulator };
    },
  };
}

function ofFunction(instances: readonly InstanceFigures[], requests: number) {
  const largest = (figure: 'rss' | 'heap') =>
    Math.max(...instances.map((each) => each[figure])) / 2 ** 20;
  return {
    inside: percentile(
      instances.flatMap(({ took }) => took),
      0.5,
    ),
    own: instances.reduce((sum, { cpu }) => sum + cpu, 0) / requests,
    rss: largest('rss'),
    heap: largest('heap'),
  };
}
