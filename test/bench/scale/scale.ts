import type { Report } from '../report/report.ts';
import { inTurn, type Plan } from '../report/rounds.ts';
import type { DoorSettings } from './door.ts';
import { readingClients, signing } from './emulator.ts';
import { clientsRow, connectionsRow, type ScaleMeasured, type ScalePlan } from './plan.ts';
import type { BenchRegistry } from './registries.ts';
import { scaleReport } from './report.ts';
import { type StackChild, startStackChild } from './stack-child.ts';
import { type TokenLoad, tokenRequests } from './token-requests.ts';

const sizes = {
  clients: [1, 1_000, 100_000, 1_000_000],
  usualClients: 1_000,
  connections: [10, 50, 100, 250, 500],
  usualConnections: 50,
};

/** Compares one registered client with a million, and 10 connections with 500: latency and memory are not to grow. */
export async function benchScale({ requests: one, ...times }: Plan): Promise<Report> {
  const plan: ScalePlan = { ...sizes, ...times, requests: { one, many: 2.5 * one } };
  const contests = {
    clients: [...reading(plan, 0), ...reading(plan)],
    connections: connecting(plan),
  };
  const doors = Object.values(contests).flat();
  const stack = await startStackChild(
    Object.fromEntries(doors.map(({ name, settings }) => [name, settings])),
  );
  try {
    return scaleReport(plan, await measure(plan, contests, stack));
  } finally {
    await stack[Symbol.asyncDispose]();
  }
}

type Contest = TokenLoad & { readonly settings: DoorSettings };

async function measure(
  { usualClients, usualConnections, requests, ...times }: ScalePlan,
  { clients, connections }: Readonly<Record<'clients' | 'connections', readonly Contest[]>>,
  stack: StackChild,
): Promise<ScaleMeasured> {
  const tokens = (contests: readonly Contest[]) =>
    contests.map((contest) => tokenRequests(stack, contest));
  const amount = { connections: usualConnections, requests: requests.many };
  const emulator = [
    ...tokens(connections.filter((contest) => contest.connections === usualConnections)),
    readingClients(stack, registryOf(usualClients), amount),
    signing(stack, amount),
  ];
  return {
    clients: await inTurn(tokens(clients), times),
    connections: await inTurn(tokens(connections), times),
    emulator: await inTurn(emulator, times),
  };
}

/** @param clientCache seconds; without, clients are cached as deployed */
function reading({ clients, requests }: ScalePlan, clientCache?: number): readonly Contest[] {
  return clients.map((registered) => ({
    name: clientsRow(registered, clientCache === undefined),
    clients: registered,
    connections: 1,
    requests: requests.one,
    settings: {
      registry: registryOf(registered),
      ...(clientCache !== undefined && { clientCache }),
    },
  }));
}

function connecting({ connections, usualClients, requests }: ScalePlan): readonly Contest[] {
  return connections.map((open) => ({
    name: connectionsRow(open),
    clients: usualClients,
    connections: open,
    requests: requests.many,
    settings: { registry: registryOf(usualClients) },
  }));
}

const registryOf = (clients: number): BenchRegistry => ({ table: `registry-${clients}`, clients });
