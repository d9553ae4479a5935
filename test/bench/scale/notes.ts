import { availableParallelism } from 'node:os';
import { type Measured, spreadOf } from '../report/rounds.ts';
import { clientsRow, connectionsRow, type ScaleMeasured, type ScalePlan } from './plan.ts';
import type { TokenFigure } from './token-requests.ts';

/** Says in figures what limits the token rate: the emulator, the local gateway, or the token function. */
export function notes(plan: ScalePlan, measured: ScaleMeasured): readonly string[] {
  return [
    '## Where the limit is',
    oneRequest(plan, measured),
    caching(plan, measured),
    waiting(plan, measured),
    emulator(plan, measured),
    'What DynamoDB and KMS themselves do with a million clients, this does not show: here their place is ' +
      'taken by dynalite, on a LevelDB store into which the clients were written directly, and by a ' +
      'node:http server that signs. What it shows is that nothing of ours grows with the clients.',
  ];
}

/** The median of a figure. */
function median<Figure extends string>(
  measured: Measured<Figure>,
  name: string,
  figure: Figure,
): number {
  return spreadOf(measured, name, figure).median;
}

const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;

function oneRequest({ clients }: ScalePlan, measured: ScaleMeasured): string {
  const row = clientsRow(clients.at(-1) ?? 0, false);
  const of = (figure: 'p50' | 'inside' | 'own') => median(measured.clients, row, figure);
  const [whole, inside, own] = [of('p50'), of('inside'), of('own') / 1000];
  return (
    `Of ${milliseconds(whole)} that a request takes with ${row}, it is ${milliseconds(inside)} in the ` +
    `function: the function's own processor time is ${milliseconds(own)}, and the rest is waiting for the ` +
    `emulator's DynamoDB and KMS. The other ${milliseconds(whole - inside)} are the local gateway's and ` +
    "the load generator's."
  );
}

function caching({ clients, usualClients }: ScalePlan, measured: ScaleMeasured): string {
  const of = (number: number, cached: boolean) =>
    milliseconds(median(measured.clients, clientsRow(number, cached), 'p50'));
  const most = clients.at(-1) ?? 0;
  return (
    'An instance caches a bounded number of clients, and the resource server, for some seconds: ' +
    `${of(usualClients, true)} instead of ${of(usualClients, false)} with ` +
    `${clientsRow(usualClients, false)}, of which many need not be read, and ${of(most, true)} instead of ` +
    `${of(most, false)} with ${clientsRow(most, false)}, of which hardly one comes twice.`
  );
}

/** Little's law: what is open at once is the rate times the latency. */
function waiting({ connections }: ScalePlan, measured: ScaleMeasured): string {
  const most = connections.at(-1) ?? 0;
  const of = (figure: 'p50' | 'rate' | 'inside') =>
    median(measured.connections, connectionsRow(most), figure);
  return (
    'The local gateway starts four instances of a function, where Lambda starts as many as there are ' +
    `requests at once. Further requests wait in the gateway: ${connectionsRow(most)} at ` +
    `${of('rate').toFixed(0)} tokens a second make ${milliseconds((most * 1000) / of('rate'))} a request, ` +
    `and ${milliseconds(of('p50'))} were measured, of which ${milliseconds(of('inside'))} were in the ` +
    'function, however many wait.'
  );
}

function emulator({ usualConnections }: ScalePlan, measured: ScaleMeasured): string {
  const alone = (name: string) => median(measured.emulator, name, 'rate');
  const [reads, signatures] = [alone('reading a client'), alone('signing')];
  const of = (figure: TokenFigure) =>
    median(measured.connections, connectionsRow(usualConnections), figure);
  const busy = (figure: 'own' | 'emulator') => (of(figure) * of('rate')) / 1e6;
  return (
    `Alone, the emulator answers ${reads.toFixed(0)} reads or ${signatures.toFixed(0)} signatures a second ` +
    `over ${connectionsRow(usualConnections)}: of one each, ${(1 / (1 / reads + 1 / signatures)).toFixed(0)} ` +
    `pairs. With our function it was ${of('rate').toFixed(0)} tokens a second, for which the emulator was ` +
    `busy on ${busy('emulator').toFixed(2)} processors and all instances of the function together on ` +
    `${busy('own').toFixed(2)}, of ${availableParallelism()} that the load generator shares with them. ` +
    limit(busy('emulator'), of('inside'))
  );
}

/** The emulator runs on one thread, but for its signatures: it is the limit where that thread is busy. */
const limit = (busy: number, inside: number): string =>
  busy > 0.8
    ? 'The limit is the emulator, which is one process, where instances of the function could be added.'
    : `Four instances that take ${milliseconds(inside)} for each make ${(4000 / inside).toFixed(0)} tokens a ` +
      'second at most: the gateway of the local stack is the limit, which starts no more of them.';
