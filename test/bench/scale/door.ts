import { createServer, type Server } from 'node:http';
import type { TokenEnvironment } from '../../../functions/token/environment.ts';
import { httpApiListener } from '../../../local/gateway/http-api.ts';
import { guardGateway } from '../../../local/io/guard.ts';
import { close, listen } from '../../../local/io/http-server.ts';
import { type Endpoints, functionEnvironment } from '../../../local/lambda/function-environment.ts';
import type { Invoke } from '../../../local/lambda/instance.ts';
import { createInstancePool } from '../../../local/lambda/instance-pool.ts';
import {
  type InstanceFigures,
  type ProcessInstance,
  startProcessInstance,
} from './process-instance.ts';
import type { BenchRegistry } from './registries.ts';
import type { RoutedFunction } from './token-function.ts';

/** A front door with a token function of its own behind it. */
export interface Door extends AsyncDisposable {
  readonly url: string;
  /** The figures of each instance. */
  figures(): Promise<readonly InstanceFigures[]>;
}

/** What is special about the function behind a door. */
export interface DoorSettings {
  /** Where its clients are. */
  readonly registry: BenchRegistry;
  /**
   * Seconds for which it caches a client.
   * @default as deployed
   */
  readonly clientCache?: number;
}

/** What a door is opened with. */
export interface DoorOptions {
  readonly lambda: RoutedFunction;
  readonly endpoints: Endpoints;
  readonly settings: DoorSettings;
}

/** Opens a door: the local stack's gateway and its pool of instances, which are processes here. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { lambda } = options;
  const instances: ProcessInstance[] = [];
  const environment = environmentOf(options);
  const pool = createInstancePool(() => {
    const instance = startProcessInstance(lambda, environment);
    instances.push(instance);
    return instance;
  });
  const server = gateway(lambda.routeKey, (event) => pool.run(event, {}));
  return {
    url: `http://127.0.0.1:${await listen(server)}/token`,
    figures: () => Promise.all(instances.map((instance) => instance.figures())),
    async [Symbol.asyncDispose]() {
      await close(server);
      await pool[Symbol.asyncDispose]();
    },
  };
}

/** The gateway, with this one route and without a throttle, which would be what is measured. */
function gateway(key: string, invoke: Invoke): Server {
  const log = (line: string): void => {
    // Requests that still wait when the door is closed fail, which is no fault.
    if (server.listening) process.stderr.write(`${line}\n`);
  };
  const routes = [
    { key, invoke, integrationTimeout: 30, authorizer: undefined, throttle: undefined },
  ];
  const now = () => Date.now() / 1000;
  const server = createServer(httpApiListener({ id: 'scale', routes, now, log }));
  guardGateway(server);
  return server;
}

function environmentOf({ lambda, endpoints, settings }: DoorOptions) {
  const { registry, clientCache } = settings;
  return {
    ...lambda.variables,
    ...functionEnvironment(lambda, endpoints),
    ...({ REGISTRY_TABLE: registry.table } satisfies Partial<TokenEnvironment>),
    ...(clientCache !== undefined && {
      CLIENT_CACHE: String(clientCache) satisfies TokenEnvironment['CLIENT_CACHE'],
    }),
  };
}
