import type { RequestListener } from 'node:http';
import { withLoopbackCors } from './gateway/loopback-cors.ts';
import { type FrontDoor, takePort } from './io/front-door.ts';
import type { LocalStackOptions } from './local-stack.ts';
import { lockDirectory } from './state/directory-lock.ts';
import { type TlsDoor, type TlsDoorOptions, takeTlsPort } from './tls/tls-door.ts';
import type { TlsFiles } from './tls/tls-files.ts';

/** The app's stacks that have an HTTP API. */
type StackName = 'Countersign' | 'CountersignDemoApi';

/** The ports of the stacks' APIs. */
export interface FrontDoors extends Readonly<Record<StackName, FrontDoor>> {
  /** The second door of `Countersign`, for HTTPS. */
  readonly tls: TlsDoor;
  /** The second door of `CountersignDemoApi`, likewise. */
  readonly apiTls: TlsDoor;
  /** The third door of `Countersign`, for clients with a certificate. */
  readonly mtls: TlsDoor;
  /** The third door of `CountersignDemoApi`, likewise. */
  readonly apiMtls: TlsDoor;
}

/**
 * Takes the state directory and the ports, in this order.
 * @throws StartError when one of them is taken
 */
export async function takePlace(
  options: LocalStackOptions,
  started: AsyncDisposableStack,
): Promise<FrontDoors> {
  const { directory, port, apiPort, issuer } = options;
  started.use(await lockDirectory(directory));
  const names = issuer ? [new URL(issuer).host] : [];
  const tls = async (door: TlsDoorOptions) => started.use(await takeTlsPort(door));
  return {
    Countersign: started.use(await takePort(port, 'PORT', names)),
    CountersignDemoApi: started.use(await takePort(apiPort, 'API_PORT')),
    tls: await tls({ port: options.tlsPort, variable: 'TLS_PORT', mutual: false, names }),
    apiTls: await tls({ port: options.apiTlsPort, variable: 'API_TLS_PORT', mutual: false }),
    mtls: await tls({ port: options.mtlsPort, variable: 'MTLS_PORT', mutual: true }),
    apiMtls: await tls({ port: options.apiMtlsPort, variable: 'API_MTLS_PORT', mutual: true }),
  };
}

/** Gives the doors for HTTPS their certificate, and a truststore to those that want one of the client. */
export function secureDoors(
  { tls, apiTls, mtls, apiMtls }: FrontDoors,
  files: TlsFiles,
  log: (line: string) => void,
): void {
  for (const door of [tls, apiTls, mtls, apiMtls]) door.secure(files, log);
}

/** The URL that a stack's API has without a custom domain. */
export function apiEndpointOf(doors: FrontDoors, stack: string): string {
  const { Countersign, CountersignDemoApi } = doors;
  return new Map(Object.entries({ Countersign, CountersignDemoApi })).get(stack)?.url ?? '';
}

/** Puts the stacks' APIs behind the doors, where requests may already wait. */
export function openDoors(
  { Countersign, CountersignDemoApi, tls, apiTls, mtls, apiMtls }: FrontDoors,
  apis: ReadonlyMap<string, RequestListener>,
): void {
  const behind = {
    Countersign: [Countersign, tls, mtls],
    CountersignDemoApi: [CountersignDemoApi, apiTls, apiMtls],
  };
  for (const [stack, doors] of Object.entries(behind)) {
    const api = apis.get(stack);
    if (!api) continue;
    // A console of this computer may call the demo API; the issuer says for itself which pages may.
    const listener = stack === 'CountersignDemoApi' ? withLoopbackCors(api) : api;
    for (const door of doors) door.open(listener);
  }
}
