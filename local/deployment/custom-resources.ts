import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { stackId } from '../account/local-account.ts';
import { StartError } from '../io/start-error.ts';
import { inTime, late } from '../io/time-limit.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { CustomResourceDefinition } from '../template/custom-resources.ts';
import { type CustomResourceAnswer, startAnswerBox } from './custom-resource-answer.ts';
import {
  type MadeResource,
  readMadeResources,
  writeMadeResources,
} from './custom-resource-state.ts';

/** The functions that make custom resources, and where those that exist are listed. */
export interface CustomResourceSurroundings {
  /** By ARN. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** The state directory. */
  readonly directory: string;
}

/**
 * Creates the custom resources that do not exist yet, and updates those whose properties have
 * changed, by their functions, as CloudFormation does. One that has left its template is dropped
 * from the list; its function is not told.
 * @throws StartError when one of them cannot be made
 */
export async function provideCustomResources(
  resources: readonly CustomResourceDefinition[],
  { functions, directory }: CustomResourceSurroundings,
): Promise<void> {
  const before = await readMadeResources(directory);
  const wanted = new Map(resources.map((resource) => [placeOf(resource), resource]));
  // If one of them fails, those after it stay listed as they were.
  const listed = Object.entries(before).filter(([place]) => wanted.has(place));
  const made: Record<string, MadeResource> = Object.fromEntries(listed);
  for (const [place, resource] of wanted) {
    const known = before[place];
    const isAsBefore = known && isDeepStrictEqual(known.properties, resource.properties);
    made[place] = isAsBefore ? known : await make(resource, known, functions);
    await writeMadeResources(directory, made);
  }
}

const placeOf = ({ stack, id }: CustomResourceDefinition): string => `${stack}/${id}`;

async function make(
  resource: CustomResourceDefinition,
  known: MadeResource | undefined,
  functions: ReadonlyMap<string, LambdaFunction>,
): Promise<MadeResource> {
  const { Status, Reason, PhysicalResourceId } = await asked(resource, known, functions);
  if (Status === 'SUCCESS' && PhysicalResourceId) {
    return { physicalResourceId: PhysicalResourceId, properties: resource.properties };
  }
  throw failed(resource, Reason ?? 'its function answered without a reason');
}

/** Invokes the function, and waits for the answer that it PUTs to the URL in its event. */
async function asked(
  resource: CustomResourceDefinition,
  known: MadeResource | undefined,
  functions: ReadonlyMap<string, LambdaFunction>,
): Promise<CustomResourceAnswer> {
  const lambda = functions.get(resource.functionArn);
  if (!lambda) throw failed(resource, `${resource.functionArn} does not exist`);
  await using box = await startAnswerBox();
  const invoked = lambda.invoke(event(resource, known, box.url)).then((invocation) => {
    if ('payload' in invocation) return box.answer;
    throw failed(resource, `${invocation.errorType} ${invocation.errorMessage}`);
  });
  const answer = await inTime(resource.timeout, Promise.race([box.answer, invoked]));
  if (answer === late) throw failed(resource, `no answer within ${resource.timeout} s`);
  return answer;
}

function event(
  { stack, id, type, properties }: CustomResourceDefinition,
  known: MadeResource | undefined,
  ResponseURL: string,
): object {
  return {
    RequestType: known ? 'Update' : 'Create',
    ResponseURL,
    StackId: stackId(stack),
    RequestId: randomUUID(),
    ResourceType: type,
    LogicalResourceId: id,
    ResourceProperties: properties,
    ...(known && {
      PhysicalResourceId: known.physicalResourceId,
      OldResourceProperties: known.properties,
    }),
  };
}

const failed = ({ stack, id }: CustomResourceDefinition, reason: string): StartError =>
  new StartError(`${id} of the stack ${stack} cannot be made: ${reason}`);
