import { type Answer, header } from '../../../cli/io/http.ts';
import { type JsonObject, jsonObject } from '../../../cli/io/json-answer.ts';
import { type ConformanceCase, check, checkSame, NotOffered } from '../conformance-case.ts';
import { callApi } from '../protocol/api-request.ts';
import { bearerChallenge, parameter } from '../protocol/challenge.ts';

/** RFC 9728: what the API tells about itself. */
export const protectedResourceCases: readonly ConformanceCase[] = [
  {
    rule: 'I17',
    section: 'RFC 9728 §2, §3.1, §3.2, §3.3, §5.1',
    title:
      'the metadata of the API stand where its identifier says and name its authorization server',
    callsApi: true,
    async run(deployment) {
      const url = metadataUrl(new URL(deployment.api));
      const answer = await deployment.send({ url });
      const isThere = answer.status < 400 || answer.status > 499;
      if (!isThere) throw new NotOffered(`${url.pathname} is answered ${answer.status}`);
      checkSame('the status of the metadata', answer.status, 200);
      checkSame('the type of the metadata', mediaType(answer), 'application/json');
      checkMetadata(jsonObject(answer), { url, issuer: deployment.issuer });
      const challenge = bearerChallenge('a call without a token', await callApi(deployment, {}));
      const announced = challenge && parameter(challenge, 'resource_metadata');
      if (announced !== undefined) checkSame('resource_metadata', announced, url);
    },
  },
];

/** All but `resource` may be absent. */
function checkMetadata(metadata: JsonObject, { url, issuer }: { url: URL; issuer: string }): void {
  const resource = URL.parse(String(metadata.resource));
  checkSame('the place for the metadata of resource', resource && metadataUrl(resource), url);
  const { authorization_servers = [issuer], bearer_methods_supported = ['header'] } = metadata;
  const servers = [authorization_servers].flat();
  check(servers.includes(issuer), 'authorization_servers does not have the issuer');
  checkSame('bearer_methods_supported', bearer_methods_supported, ['header']);
  const empty = Object.entries(metadata).filter(([, value]) => [value].flat().length === 0);
  checkSame('the list of empty members', empty, []);
}

const mediaType = (answer: Answer): string | undefined =>
  header(answer, 'content-type')?.toLowerCase().split(/\s*;/, 1)[0];

/** Puts the well-known path between host and path. */
function metadataUrl(resource: URL): URL {
  const { pathname } = resource;
  const path = pathname === '/' ? '' : pathname;
  return new URL(`/.well-known/oauth-protected-resource${path}${resource.search}`, resource);
}
