/** What CloudFormation answers, as its API reference and its query protocol say. */
export interface CloudFormationAnswer {
  readonly status: number;
  readonly body: string;
}

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/** DescribeStacks finds a stack with these outputs. */
export function describedStack(
  name: string,
  outputs: Readonly<Record<string, string>>,
): CloudFormationAnswer {
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00.000Z</CreationTime><Outputs>${members.join('')}</Outputs>`;
  const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
  const body = `<DescribeStacksResponse xmlns="${namespace}">${result}</DescribeStacksResponse>`;
  return { status: 200, body };
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
