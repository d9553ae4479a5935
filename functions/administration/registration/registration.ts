import { RegistryError } from '../../../registry/registry-error.ts';
import { answerDeployment, type DeploymentAnswer } from '../../cloudformation/deployment-answer.ts';
import { parseDeploymentRequest } from '../../cloudformation/deployment-request.ts';
import { type Patience, patience, patiently } from '../../cloudformation/patience.ts';
import { type Audit, reason } from '../../oauth/audit.ts';
import type { Task } from '../handler.ts';
import { type Registrar, register, type SubjectRequest } from './register.ts';
import { type Remover, remove } from './removal.ts';
import { isOurs, type Subject, subjectNamed, subjectOf, subjectProperties } from './subject.ts';

/** What answers CloudFormation for clients and resource servers. */
export interface Registration extends Registrar, Remover, Patience {
  readonly answers: Answers;
  readonly fetch: typeof globalThis.fetch;
  /** Resolves when it is high time for an answer: shortly before the function would be ended. */
  readonly late: () => Promise<void>;
  readonly audit: Audit;
}

/** The answers that were given, for as long as a request may come again. */
interface Answers {
  find(requestId: string): Promise<DeploymentAnswer | undefined>;
  keep(requestId: string, answer: DeploymentAnswer): Promise<void>;
}

/** Registers, changes and removes clients and resource servers as CloudFormation asks for it. */
export function registration(parts: Registration): Task {
  return (event) => {
    const request = parseDeploymentRequest(event, subjectProperties);
    return request && isOurs(request.ResourceType) ? answered(parts, request) : undefined;
  };
}

/**
 * Answers in any case. A request that was answered gets the same answer again, and does nothing more: Lambda may
 * bring it again when CloudFormation has asked for something else since.
 */
async function answered(parts: Registration, request: SubjectRequest): Promise<void> {
  const work = decided(parts, request);
  const late = parts.late().then(() => failed(request, tooLate));
  const answer = await Promise.race([work, late]);
  await parts.answers.keep(request.RequestId, answer).catch((error: unknown) => {
    parts.audit({ outcome: 'failed', command: 'keep answer', reason: reason(error) });
  });
  await answerDeployment(request, answer, parts.fetch);
  // What is late must not go on in a later request of the same instance.
  await work;
}

const tooLate = 'it takes too long: AWS is slow to answer. The same deployment again goes on';

async function decided(parts: Registration, request: SubjectRequest): Promise<DeploymentAnswer> {
  const { RequestType, StackId, LogicalResourceId } = request;
  const asked = { command: RequestType, stack: StackId, resource: LogicalResourceId };
  try {
    const lastTry = parts.now() + patience;
    const act = () => known(parts, request);
    const answer = await patiently(parts, lastTry, act, isHopeless);
    parts.audit({ ...asked, outcome: 'done', id: answer.PhysicalResourceId });
    return answer;
  } catch (error) {
    parts.audit({ ...asked, outcome: 'failed', reason: reason(error) });
    return failed(request, sentenceOf(error));
  }
}

/** No further attempt changes what a rule says; somebody else's change at the same moment is over soon. */
const isHopeless = (error: unknown): boolean =>
  error instanceof RegistryError && !['busy', 'half-done'].includes(error.about);

async function known(parts: Registration, request: SubjectRequest): Promise<DeploymentAnswer> {
  return (await parts.answers.find(request.RequestId)) ?? (await carriedOut(parts, request));
}

async function carriedOut(parts: Registration, request: SubjectRequest): Promise<DeploymentAnswer> {
  const { RequestType, ResourceType, ResourceProperties } = request;
  const subject = subjectOf(ResourceType, ResourceProperties);
  if (RequestType === 'Delete') {
    for (const gone of subjectsGone(request, subject)) await remove(parts, request, gone);
    return { Status: 'SUCCESS', PhysicalResourceId: request.PhysicalResourceId ?? '' };
  }
  if (!subject) throw new RegistryError('input', 'the property Declaration is not as we write it');
  try {
    await register(parts, request, subject);
  } catch (error) {
    if (!(await isRefusedRollBack(parts, request, error))) throw error;
  }
  await removeUnknown(parts, request, subject);
  return { Status: 'SUCCESS', PhysicalResourceId: subject.id };
}

/** A roll-back must not fail for what a rule forbids by now: what is registered stays as it is. */
async function isRefusedRollBack(
  { isRollingBack, audit }: Registration,
  { RequestType, StackId }: SubjectRequest,
  error: unknown,
): Promise<boolean> {
  if (RequestType !== 'Update' || !isHopeless(error) || !(await isRollingBack(StackId)))
    return false;
  audit({ outcome: 'refused', command: 'roll back', reason: reason(error) });
  return true;
}

/**
 * What is to go: what CloudFormation knows it by. Where it never got an answer it has made up an id, of the
 * names of the stack and the resource; then it is what was declared.
 */
function subjectsGone(
  { StackId, LogicalResourceId, PhysicalResourceId = '', ResourceType }: SubjectRequest,
  subject: Subject | undefined,
): readonly Subject[] {
  if (!subject) return [];
  const [, stackName = ''] = /:stack\/([^/]+)\//.exec(StackId) ?? [];
  const isMadeUp = PhysicalResourceId.startsWith(`${stackName}-${LogicalResourceId}-`);
  return [isMadeUp ? subject : subjectNamed(ResourceType, subject, PhysicalResourceId)];
}

/**
 * An update that failed may have registered something under another name, which CloudFormation never heard of. Its
 * roll-back tells that in the old properties.
 */
async function removeUnknown(
  parts: Registration,
  request: SubjectRequest,
  { id }: Subject,
): Promise<void> {
  if (request.RequestType !== 'Update') return;
  const before = subjectOf(request.ResourceType, request.OldResourceProperties);
  if (!before || [id, request.PhysicalResourceId].includes(before.id)) return;
  await remove(parts, request, before);
}

/** What CloudFormation knows it by stays the same: at another id it would order the deletion of that one. */
function failed(request: SubjectRequest, Reason: string): DeploymentAnswer {
  const { ResourceType, ResourceProperties, PhysicalResourceId, RequestId } = request;
  const id = PhysicalResourceId ?? subjectOf(ResourceType, ResourceProperties)?.id ?? RequestId;
  return { Status: 'FAILED', Reason, PhysicalResourceId: id };
}

/** The words of AWS's other errors may quote what was sent. */
function sentenceOf(error: unknown): string {
  if (error instanceof RegistryError) return error.message;
  const { name, message } = error instanceof Error ? error : new Error();
  return ['Error', 'AccessDeniedException', 'ResourceNotFoundException'].includes(name)
    ? `${name}: ${message}`
    : `${name}: the log of the administration function says more`;
}
