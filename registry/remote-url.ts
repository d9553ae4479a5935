import { isIP } from 'node:net';
import { isLoopback } from '../functions/oauth/secure-url.ts';
import { isPublicAddress } from '../functions/remote/public-address.ts';

/**
 * What is wrong with a URL whose keys are to be trusted, as a part of a sentence: it must be https
 * and name a host that others can find, without user, query and fragment. A deployment whose own issuer is http, a local
 * stack, may be told of others on this computer.
 * @param issuer the deployment's
 */
export function remoteUrlProblem(text: string, issuer: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'is no URL';
  if (/[?#@\s]/.test(text)) return 'must not have a user name, a query or a fragment';
  const own = URL.parse(issuer);
  const isLocal = own?.protocol === 'http:' && isLoopback(own);
  if (isLocal && isLoopback(url) && url.protocol === 'http:') return undefined;
  if (url.protocol !== 'https:') return 'must be an https URL';
  return isLocal && isLoopback(url) ? undefined : hostProblem(url);
}

function hostProblem(url: URL): string | undefined {
  const isAddress = isLoopback(url) || isIP(hostOf(url)) !== 0;
  if (isAddress) return 'must name its host, and not by an IP address';
  return isPrivateName(url) ? 'names a host that is known to its own network alone' : undefined;
}

/** Whether a URL leads to a public IP address. */
export function isPublicHost(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && isPublicAddress(hostOf(url));
}

/** Whether a URL leads to a name that no public resolver knows, so that nobody outside of its network can ask it. */
export function isPrivateName({ hostname }: URL): boolean {
  return privateName.test(hostname.replace(/\.$/, ''));
}

/**
 * A name without a dot, the API server as pods know it, and what ends like no name of the public internet: reserved
 * (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), or in use within clusters and houses.
 */
const privateName =
  /^[^.]+$|^kubernetes\.default(\.|$)|\.(local|localhost|internal|home\.arpa|svc|localdomain|lan|intranet|private|corp|home)$/;

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');
