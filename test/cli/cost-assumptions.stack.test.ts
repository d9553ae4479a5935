import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test, vi } from 'vitest';
import { assumed } from '../../cli/cost/assumptions.ts';
import { auditLog } from '../../functions/aws/audit-log.ts';
import { propertiesOf, synthesize } from '../infra/synthesis.ts';
import { basic } from '../support/http-api-event.ts';
import { aSecret, tokenEndpoint } from '../support/token-endpoint.ts';

/** What a bill assumes is not less than what the stack really has. */

const { countersign } = synthesize();

const all = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

const issuer = 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';
const client_id = '8f14e45f-ceea-467f-9a3e-5d0c2b7f9d11';
const client_secret = 'a'.repeat(43);

test('the stack has what is billed: memory, schedule, alarms, logs for a year, recovery of one table', () => {
  const functions = all(countersign, 'AWS::Lambda::Function');
  // The one with a whole vCPU verifies what others have hashed, which is in no bill.
  expect(new Set(functions.map(({ MemorySize }) => MemorySize))).toEqual(
    new Set([assumed.memory * 1024, assumed.megabytesOfOneVcpu]),
  );
  expect(functions).toContainEqual(
    expect.objectContaining({
      Environment: {
        Variables: expect.objectContaining({ CLIENT_CACHE: String(assumed.clientCache) }),
      },
    }),
  );
  for (const { LoggingConfig } of functions) {
    // Lambda's own lines for each call are of the level INFO: none is in the bill.
    expect(LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
  }
  const schedules = all(countersign, 'AWS::Scheduler::Schedule');
  expect(schedules.map(({ ScheduleExpression }) => ScheduleExpression).sort()).toEqual([
    `rate(${assumed.expiryEvery} hours)`,
    `rate(${assumed.rotationEvery} minutes)`,
  ]);
  countersign.resourceCountIs('AWS::CloudWatch::Alarm', 4);
  const retentions = all(countersign, 'AWS::Logs::LogGroup').map((group) => group.RetentionInDays);
  // The history is kept for longer, and is small.
  expect(retentions.toSorted((a, b) => b - a)).toEqual([
    3653,
    ...retentions.slice(1).map(() => 365),
  ]);
  const recoverable = all(countersign, 'AWS::DynamoDB::GlobalTable').filter(
    ({ Replicas }) => Replicas[0].PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled,
  );
  expect(recoverable).toHaveLength(1);
});

test('an access log line is no longer than assumed, of the IPv4 that the API has alone', () => {
  expect(propertiesOf(countersign, 'AWS::ApiGatewayV2::Api')).not.toHaveProperty('IpAddressType');
  const { AccessLogSettings } = propertiesOf(countersign, 'AWS::ApiGatewayV2::Stage');
  const format = (AccessLogSettings as { readonly Format: string }).Format;
  const line = format
    .replace('$context.requestId', 'JKJaXmPLvHcESHA=')
    .replace('$context.requestTimeEpoch', '1700000000000')
    .replace('$context.identity.sourceIp', '203.100.113.195')
    .replace('$context.httpMethod', 'POST')
    .replace('$context.routeKey', 'ANY /token')
    .replace('$context.status', '200')
    .replace('$context.responseLatency', '1234')
    .replace('$context.integrationStatus', '200')
    .replace('$context.integrationLatency', '1234');
  expect(line).not.toContain('$');
  expect(line.length).toBeLessThanOrEqual(assumed.accessLogLine);
  expect(line.length).toBeGreaterThan(assumed.accessLogLine * 0.9);
});

test('neither is an audit line, nor the answer with its signature', async () => {
  const endpoint = await tokenEndpoint({ issuer });
  await endpoint.register({ client_id, secrets: [aSecret(client_secret)] });
  const headers = { authorization: basic(client_id, client_secret) };
  const answer = await endpoint.post('grant_type=client_credentials', {
    headers,
    sourceIp: '203.100.113.195',
  });
  expect(answer.statusCode).toBe(200);
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  for (const entry of endpoint.audited) auditLog('token')(entry);
  const lines = written.mock.calls.map(([line]) => String(line));
  written.mockRestore();
  expect(lines).toHaveLength(1);
  expect(lines[0]?.length).toBeLessThanOrEqual(assumed.auditLine);
  expect(lines[0]?.length).toBeGreaterThan(assumed.auditLine * 0.9);
  const signature = 342;
  const bytes = JSON.stringify(answer.body).length + JSON.stringify(answer.headers).length;
  expect(bytes).toBeLessThanOrEqual(assumed.answerWithoutSignature + signature);
  expect(bytes).toBeGreaterThan((assumed.answerWithoutSignature + signature) / 2);
});
