import type { Audit } from '../oauth/audit.ts';

/**
 * Writes audit entries as JSON lines to the function's log, under the name of the service. There
 * is no log level to set: who got a token, or was let in, is always logged.
 * @param level ERROR for what somebody has to do something about
 */
export function auditLog(service: string, level: 'INFO' | 'ERROR' = 'INFO'): Audit {
  return (audit) => {
    const timestamp = new Date().toISOString();
    const line = { level, timestamp, service, audit };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
