import type { RequestListener } from 'node:http';
import { withLoopbackCors } from './gateway/loopback-cors.ts';
import { type FrontDoor, takePort } from './io/front-door.ts';
import type { LocalStackOptions } from './local-stack.ts';
import { lockDirectory } from './state/directory-lock.ts';
import { type TlsDoor, takeTlsPort } from './tls/tls-door.ts';

/** The app's stacks that have an HTTP API. */
type StackName = 'Countersign' | 'CountersignDemoApi';

/** The ports of the stacks' APIs. */
export interface FrontDoors extends Readonly<Record<StackName, FrontDoor>> {
  /** The second door of `Countersign`, for clients with a certificate. */
  readonly mtls: TlsDoor;
  /** The second door of `CountersignDemoApi`, likewise. */
  readonly apiMtls: TlsDoor;
}

/**
 * Takes the state directory and the ports, in this order.
 * @throws StartError when one of them is taken
 */
export async function takePlace(
  { directory, port, apiPort, tlsPort, apiTlsPort, issuer }: LocalStackOptions,
  started: AsyncDisposableStack,
): Promise<FrontDoors> {
  started.use(await lockDirectory(directory));
  return {
    Countersign: started.use(await takePort(port, 'PORT', issuer ? [new URL(issuer).host] : [])),
    CountersignDemoApi: started.use(await takePort(apiPort, 'API_PORT')),
    mtls: started.use(await takeTlsPort(tlsPort, 'TLS_PORT')),
    apiMtls: started.use(await takeTlsPort(apiTlsPort, 'API_TLS_PORT')),
  };
}

/** The URL that a stack's API has without a custom domain. */
export function apiEndpointOf(doors: FrontDoors, stack: string): string {
  const { Countersign, CountersignDemoApi } = doors;
  return new Map(Object.entries({ Countersign, CountersignDemoApi })).get(stack)?.url ?? '';
}

/** Puts the stacks' APIs behind the doors, where requests may already wait. */
export function openDoors(
  { Countersign, CountersignDemoApi, mtls, apiMtls }: FrontDoors,
  apis: ReadonlyMap<string, RequestListener>,
): void {
  const behind = {
    Countersign: [Countersign, mtls],
    CountersignDemoApi: [CountersignDemoApi, apiMtls],
  };
  for (const [stack, doors] of Object.entries(behind)) {
    const api = apis.get(stack);
    if (!api) continue;
    // A console of this computer may call the demo API; the issuer says for itself which pages may.
    const listener = stack === 'CountersignDemoApi' ? withLoopbackCors(api) : api;
    for (const door of doors) door.open(listener);
  }
}
