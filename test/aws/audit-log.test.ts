import { expect, onTestFinished, test, vi } from 'vitest';
import { auditLog } from '../../functions/aws/audit-log.ts';

/** What is written to the log while a service writes an entry. */
function written(entry: Parameters<ReturnType<typeof auditLog>>[0]): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => void write.mockRestore());
  auditLog('token')(entry);
  return write.mock.calls.map(([text]) => String(text)).join('');
}

test('an entry is one line of JSON under the name of the service', () => {
  const entry = {
    outcome: 'issued',
    client_id: 's6BhdRkqt3',
    exp: 1_700_003_600,
    reason: undefined,
  };
  const line = written(entry);
  expect(line).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(line)).toEqual({
    level: 'INFO',
    timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    service: 'token',
    audit: { outcome: 'issued', client_id: 's6BhdRkqt3', exp: 1_700_003_600 },
  });
});

test('nothing in an entry can begin a line of its own', () => {
  const reason = 'a\nb\r\nc\u2028{"outcome":"issued"}';
  const line = written({ outcome: 'refused', reason });
  expect(line.split(/[\n\r]/)).toHaveLength(2);
  expect(JSON.parse(line)).toMatchObject({ audit: { reason } });
});

test('an entry that somebody has to do something about is of the level ERROR', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  onTestFinished(() => void write.mockRestore());
  auditLog('revocation-list', 'ERROR')({ outcome: 'failed' });
  expect(JSON.parse(String(write.mock.lastCall?.[0]))).toMatchObject({ level: 'ERROR' });
});

test('it is written whatever the level of the log', () => {
  vi.stubEnv('AWS_LAMBDA_LOG_LEVEL', 'FATAL');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(written({ outcome: 'refused' })).toContain('"outcome":"refused"');
});
