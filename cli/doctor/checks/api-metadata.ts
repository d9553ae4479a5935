import { type Answer, headerValues } from '../../io/http.ts';
import { type JsonObject, parsedObject } from '../../io/json-answer.ts';
import type { Examination } from '../examination/examination.ts';
import { isEndpoint } from '../examination/metadata.ts';
import { faultsOr, judged, ok, problem, type Verdict } from '../findings/finding.ts';
import { quoted, shownUrl } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';

/** Whether the metadata of the APIs lead clients to this issuer (RFC 9728 §3.3, §5.1). An API need have none. */
export async function checkApiMetadata(examination: Examination): Promise<readonly Verdict[]> {
  const { apis } = examination.subject;
  const verdicts = await Promise.all(
    apis.map((api) => judged(() => apiVerdicts(api, examination))),
  );
  return verdicts.flat();
}

async function apiVerdicts(api: URL, examination: Examination): Promise<readonly Verdict[]> {
  const answer = await needed(examination.ask({ url: api }), 'an answer of the API');
  const named = namedIn(answer);
  const who = shownUrl(api);
  const place = named === undefined ? undefined : URL.parse(named);
  // Clients refuse them, and a stranger's API must not choose what this computer asks.
  if (place && place.origin !== api.origin) return [elsewhere(who, named)];
  const metadata = await firstOf(place === undefined ? wellKnown(api) : [place], examination);
  if (metadata) return faultsOr(faultsOf(metadata, api, examination), fine(who));
  if (named === undefined) return [ok(`${who} has no metadata of its own, and need not.`)];
  return [
    problem(
      `${who} says that its metadata are at ${quoted(named)}, and they are not.`,
      'Look at the route there, which needs no authorizer, and at the publicUrl of the API.',
    ),
  ];
}

const elsewhere = (who: string, named: unknown): Verdict =>
  problem(
    `${who} says that its metadata are at ${quoted(named)}, which is elsewhere, and was not asked.`,
    'Look at the publicUrl of the API, or name the API to this command by the URL where its clients reach it.',
  );

/** The `resource_metadata` of a challenge (RFC 9728 §5.1). */
const namedIn = (answer: Answer): string | undefined =>
  /\bresource_metadata="([^"]*)"/.exec(headerValues(answer, 'www-authenticate').join())?.[1];

/** Where clients look that no challenge leads: for the path of the API, and for its host (RFC 9728 §3.1). */
const wellKnown = ({ origin, pathname }: URL): readonly URL[] =>
  [pathname.replace(/\/$/, ''), ''].map(
    (path) => new URL(`/.well-known/oauth-protected-resource${path}`, origin),
  );

async function firstOf(
  places: readonly (URL | null)[],
  { ask }: Examination,
): Promise<JsonObject | undefined> {
  for (const url of places) {
    if (!url || !isEndpoint(url)) continue;
    const answer = await ask({ url });
    const metadata = answer.status === 200 ? parsedObject(answer.body) : undefined;
    if (metadata?.resource !== undefined) return metadata;
  }
  return undefined;
}

function faultsOf(
  { resource, authorization_servers: servers }: JsonObject,
  api: URL,
  { subject: { issuer } }: Examination,
): readonly Verdict[] {
  const who = shownUrl(api);
  const faults: Verdict[] = [];
  if (!isOf(resource, api)) {
    faults.push(
      problem(
        `The metadata of ${who} are for ${quoted(resource)}, which that URL does not belong to, so that clients refuse them.`,
        'Make the audience of the API the URL where clients reach it, and register it as a resource server.',
      ),
    );
  }
  if (!Array.isArray(servers) || !servers.includes(issuer)) {
    faults.push(
      problem(
        `The metadata of ${who} lead to ${quoted(servers)}, not to ${issuer}.`,
        'Give the API the issuer to the byte, or name its own with --issuer.',
      ),
    );
  }
  return faults;
}

/** Clients take metadata for what is at their URL or below it. */
function isOf(resource: unknown, api: URL): boolean {
  const url = URL.parse(String(resource));
  const below = (path: string) => (path.endsWith('/') ? path : `${path}/`);
  return url?.origin === api.origin && below(api.pathname).startsWith(below(url.pathname));
}

const fine = (who: string): string => `The metadata of ${who} are for it, and lead to the issuer.`;
