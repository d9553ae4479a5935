import type { Declaration } from '../../../registry/declared/declaration.ts';
import { ownerOf, ownershipProblem } from '../../../registry/declared/ownership.ts';
import { settle } from '../../../registry/declared/settle.ts';
import type { Registry } from '../../../registry/registry.ts';
import { RegistryError } from '../../../registry/registry-error.ts';
import { parseClient } from '../../aws/registry-items.ts';
import type { DeploymentRequest } from '../../cloudformation/deployment-request.ts';
import type { ClientSecret } from '../../oauth/client.ts';
import { endpointPaths } from '../../oauth/endpoint-paths.ts';
import type { Keepers } from '../keeper.ts';
import { type KeptMembers, keepSecret } from './kept-secret.ts';
import { declarationOf, type Subject, type SubjectProperties } from './subject.ts';
import { forgetSuperseded, keepingSuperseded } from './superseded.ts';

/** What CloudFormation asks of a client or resource server. */
export type SubjectRequest = DeploymentRequest<SubjectProperties>;

/** What clients and resource servers are registered with. */
export interface Registrar {
  /** Gives the registry to whoever changes it on behalf of a request. */
  readonly registryFor: (request: SubjectRequest) => Registry;
  readonly keepers: Keepers;
  readonly issuer: string;
  /** The origin at which clients show a certificate; undefined: there is none. */
  readonly mtlsOrigin: string | undefined;
}

/** Whose a record is that a request declares. */
export const ownerFor = ({ StackId, LogicalResourceId }: SubjectRequest): string =>
  `${StackId}/${LogicalResourceId}`;

/**
 * Registers a subject as it is declared, or changes it so. A client's secret is kept before its hash is registered:
 * whoever dies between the two leaves a secret that does not work yet, and the same again registers it.
 * @throws RegistryError when it cannot be so, or is somebody else's; nothing was changed then
 */
export async function register(
  registrar: Registrar,
  request: SubjectRequest,
  subject: Subject,
): Promise<void> {
  const owner = ownerFor(request);
  const base = registrar.registryFor(request);
  const registry = { ...base, store: keepingSuperseded(base.store, subject.key, owner) };
  const ownership = { owner, mayTakeFrom: mayTakeFrom(request, subject) };
  const declaration = await declarationOf(request.ResourceType, subject, registrar.issuer);
  const item = await registry.store.read(subject.key);
  const problem = item && ownershipProblem(item, ownership);
  if (problem !== undefined) throw new RegistryError('taken', takenSentence(subject, problem));
  // An update of what it was before means that the deployment of before went well.
  if (request.RequestType === 'Update' && request.PhysicalResourceId === subject.id) {
    await forgetSuperseded(registry, subject.key, (today) => ownerOf(today) === owner);
  }
  const wanted = await withSecret(registrar, request, { subject, declaration, registry });
  await settle(registry, request.RequestType === 'Create' ? enabled(wanted) : wanted, ownership);
}

/** A new construct has a client that gets tokens. Of one that somebody has disabled since, an update does not speak. */
const enabled = (declaration: Declaration): Declaration => ({
  ...declaration,
  clients: declaration.clients.map((client) => ({ disabled: false, ...client })),
});

/** The same stack may: a construct that was given another id is another owner. */
const mayTakeFrom =
  ({ StackId }: SubjectRequest, { takeOver }: Subject) =>
  (owner: string | undefined): boolean =>
    takeOver || owner?.startsWith(`${StackId}/`) === true;

const takenSentence = ({ id }: Subject, problem: string): string =>
  `${id} ${problem}; with takeOver this stack has it from now on`;

async function withSecret(
  { keepers, ...place }: Registrar,
  { RequestId: requestId }: SubjectRequest,
  {
    subject,
    declaration,
    registry,
  }: {
    readonly subject: Subject;
    readonly declaration: Declaration;
    readonly registry: Registry;
  },
): Promise<Declaration> {
  const { secretArn: arn } = subject;
  const [client] = declaration.clients;
  if (arn === undefined || client === undefined) return declaration;
  const isRegistered = async (hash: string): Promise<boolean> => {
    const item = await registry.store.read(subject.key);
    return item !== undefined && parseClient(item).secrets.some(isLasting(hash));
  };
  const keeping = { arn, requestId, isRegistered };
  const secret = await keepSecret(keepers, keeping, membersOf(client, place), registry.now());
  return { ...declaration, clients: [{ ...client, secrets: [secret] }] };
}

const isLasting =
  (hash: string) =>
  (secret: ClientSecret): boolean =>
    secret.hash === hash && secret.expires_at === undefined;

/** A client whose tokens are bound to its certificate gets them where it shows one. */
function membersOf(
  {
    client_id,
    grants = {},
    tls_client_certificate_bound_access_tokens: showsCertificate,
  }: Declaration['clients'][number],
  { issuer, mtlsOrigin }: Pick<Registrar, 'issuer' | 'mtlsOrigin'>,
): KeptMembers {
  const [[resource, scope] = ['', '']] = Object.entries(grants);
  const origin = (showsCertificate && mtlsOrigin) || issuer;
  return { client_id, token_endpoint: origin + endpointPaths.token, scope, resource };
}
