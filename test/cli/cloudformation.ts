import { text } from 'node:stream/consumers';
import { serving } from './doctor-deployment.ts';

/** What CloudFormation answers, as its API reference and its query protocol say. */
export interface CloudFormationAnswer {
  readonly status: number;
  readonly body: string;
}

/** A stack as DescribeStacks tells of it. */
export interface FakeStack {
  readonly name: string;
  /** @default CREATE_COMPLETE */
  readonly status?: string;
  readonly outputs?: readonly FakeOutput[];
}

/** An output of a stack. */
export interface FakeOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const account = '111122223333';

/** Outputs that have no description, as stacks of an earlier version wrote them. */
export const keyed = (outputs: Readonly<Record<string, string>>): readonly FakeOutput[] =>
  Object.entries(outputs).map(([key, value]) => ({ key, value }));

/** The outputs of an authorization server, whose keys are those of its constructs. */
export const described = (
  path: string,
  outputs: Readonly<Record<string, string>>,
): readonly FakeOutput[] =>
  Object.entries(outputs).map(([name, value]) => ({
    key: `${path.replaceAll('/', '')}${name}1A2B3C4D`,
    value,
    description: `Countersign: ${name} (${path})`,
  }));

/** DescribeStacks finds a stack with these outputs. */
export const describedStack = (
  name: string,
  outputs: Readonly<Record<string, string>>,
): CloudFormationAnswer => describedStacks([{ name, outputs: keyed(outputs) }]);

/** DescribeStacks finds these stacks, and there are more of them behind the token. */
function describedStacks(stacks: readonly FakeStack[], nextToken?: string): CloudFormationAnswer {
  const more = nextToken === undefined ? '' : `<NextToken>${nextToken}</NextToken>`;
  const members = stacks.map((stack) => `<member>${stackXml(stack)}</member>`).join('');
  const result = `<DescribeStacksResult><Stacks>${members}</Stacks>${more}</DescribeStacksResult>`;
  const body = `<DescribeStacksResponse xmlns="${namespace}">${result}</DescribeStacksResponse>`;
  return { status: 200, body };
}

function stackXml({ name, status = 'CREATE_COMPLETE', outputs = [] }: FakeStack): string {
  const members = outputs.map(
    ({ key, value, description }) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>${
        description === undefined ? '' : `<Description>${description}</Description>`
      }</member>`,
  );
  const id = `arn:aws:cloudformation:eu-central-1:${account}:stack/${name}/1f2e3d4c`;
  return `<StackId>${id}</StackId><StackName>${name}</StackName><StackStatus>${status}</StackStatus><CreationTime>2026-01-01T00:00:00.000Z</CreationTime><Outputs>${members.join('')}</Outputs>`;
}

/** GetTemplate gives this template. */
export function stackTemplate(template: string): CloudFormationAnswer {
  const result = `<GetTemplateResult><TemplateBody>${template}</TemplateBody></GetTemplateResult>`;
  const body = `<GetTemplateResponse xmlns="${namespace}">${result}</GetTemplateResponse>`;
  return { status: 200, body };
}

/** Any action is refused. */
export function refusedAction(status: number, code: string, message: string): CloudFormationAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="${namespace}">${error}<RequestId>1</RequestId></ErrorResponse>`;
  return { status, body };
}

/**
 * An account with these stacks, in pages of two. A stack that is deleted is found by its id alone, so by
 * its name it does not exist.
 */
export function answerOf(
  stacks: readonly FakeStack[],
  query: URLSearchParams,
): CloudFormationAnswer {
  const name = query.get('StackName');
  const present = stacks.filter(({ status }) => status !== 'DELETE_COMPLETE');
  if (name !== null) {
    const stack = present.find((one) => one.name === name);
    if (stack) return describedStacks([stack]);
    return refusedAction(400, 'ValidationError', `Stack with id ${name} does not exist`);
  }
  const from = Number(query.get('NextToken') ?? 0);
  const until = from + 2;
  return describedStacks(
    present.slice(from, until),
    present.length > until ? `${until}` : undefined,
  );
}

/** A CloudFormation that listens; what it was asked, and what it answers next. */
export async function cloudFormation() {
  const state = {
    asked: [] as URLSearchParams[],
    answer: (_query: URLSearchParams): CloudFormationAnswer => describedStacks([]),
  };
  const endpoint = await serving(async (request, response) => {
    const query = new URLSearchParams(await text(request));
    state.asked.push(query);
    const { status, body } = state.answer(query);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  return { endpoint, state };
}
