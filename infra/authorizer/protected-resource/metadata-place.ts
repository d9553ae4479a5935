import { isSecureUrl } from '../../../functions/oauth/secure-url.ts';
import { protectedResourcePath } from '../../../functions/protected-resource/metadata.ts';
import { ConfigurationError, wrongValue } from '../../settings/configuration-error.ts';

/** Where the metadata of an API stand. */
interface MetadataPlace {
  /** The path of their route, as the API sees it. */
  readonly path: string;
  /** For the API's challenges (RFC 9728 §5.1). */
  readonly url: string;
}

/** A URL, and the property that says so. */
interface Reached {
  readonly property: 'publicUrl' | 'boundTokens.publicUrl';
  readonly url: string;
}

/**
 * Finds the place for the metadata of an API (RFC 9728 §3.1): between the host and the path of its
 * identifier. Where a stage or a base path stands before all paths of an API, so it does before this one:
 * what is outside of it is not the API's. Clients are told by the challenge then.
 * @param reachedAt where clients reach the API, without a slash at its end; undefined: at its identifier's host
 * @throws ConfigurationError when clients would take no metadata of this API for those of the identifier
 */
export function metadataPlace(audience: string, reachedAt: Reached | undefined): MetadataPlace {
  const identified = parseUrl('audience', audience);
  const reached =
    reachedAt === undefined
      ? { ...identified, path: '' }
      : parseUrl(reachedAt.property, reachedAt.url);
  checkSameOrigin(identified, reached);
  const path = protectedResourcePath + below(identified.path, reached.path);
  return { path, url: `${reached.origin}${reached.path}${path}` };
}

/** A URL in two parts, which may have values of the deployment in them. */
interface PartedUrl {
  readonly origin: string;
  /** Empty: there is none. */
  readonly path: string;
}

const parts = /^(https?:\/\/[^/?#]+|[^/?#]+)(\/[^?#]*)?$/;

/** A value of the deployment, as the CDK writes it before it is known. */
const madeUp = String.raw`\$\{Token\[[\w:.-]+\]\}`;

/** What is in a host or a port stands between quotation marks in challenges, and in templates of API Gateway. */
const plainOrigin = /^https?:\/\/([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d+)?$/;

/** Alone, a value of the deployment is an API's own URL, which has no path. */
const laterOrigin = new RegExp(
  `^(${madeUp}|https://([a-z0-9._-]|${madeUp})+(:(\\d|${madeUp})+)?)$`,
);

/** What a route of an HTTP API and a resource of a REST API can both have. */
const plainPath = /^(\/(?!\.{1,2}(\/|$))[\w.:-]+)*$/;

function parseUrl(name: string, text: string): PartedUrl {
  const [, origin = '', path = '/'] = parts.exec(text) ?? [];
  const isUrl = isToldLater(origin) ? laterOrigin.test(origin) : isSecure(origin);
  const own = path === '/' ? '' : path;
  if (isUrl && plainPath.test(own)) return { origin, path: own };
  throw wrongValue(
    name,
    text,
    'must be an https URL for an API with metadata, with nothing but small letters, digits and . _ - in its host, ' +
      'letters, digits and . _ : - between the slashes of its path, and none at its end; http is for localhost, 127.0.0.1 and [::1] only',
  );
}

const isToldLater = (origin: string): boolean => origin.includes('${Token[');

function isSecure(origin: string): boolean {
  const url = URL.parse(origin);
  return url?.origin === origin && plainOrigin.test(origin) && isSecureUrl(url);
}

/** Clients compare the identifier with the URL that they call (RFC 9728 §3.3). */
function checkSameOrigin(identified: PartedUrl, reached: PartedUrl): void {
  const origins = [identified.origin, reached.origin];
  if (origins.some(isToldLater) || identified.origin === reached.origin) return;
  throw new ConfigurationError(
    `audience is at ${identified.origin}, but clients reach the API at ${reached.origin}: they take metadata ` +
      'only for an API that is where its identifier says.',
  );
}

/** The part of a path that is below a base path; the whole, if it is not below. */
const below = (path: string, base: string): string =>
  `${path}/`.startsWith(`${base}/`) ? path.slice(base.length) : path;
