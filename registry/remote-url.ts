import { isIP } from 'node:net';
import { isLoopback } from '../functions/oauth/secure-url.ts';

/**
 * What is wrong with a URL whose keys are to be trusted, as a part of a sentence: it must be https
 * and name a host, without user, query and fragment. A deployment whose own issuer is http, a local
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
  if (isLocal && isLoopback(url)) return undefined;
  const isAddress = isLoopback(url) || isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0;
  return isAddress ? 'must name its host, and not by an IP address' : undefined;
}
