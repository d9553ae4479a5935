import type { Audit } from '../oauth/audit.ts';

/**
 * Writes audit entries as JSON lines to the function's log, under the name of the service. There
 * is no log level: who got a token, or was let in, is always logged.
 */
export function auditLog(service: string): Audit {
  return (audit) => {
    const timestamp = new Date().toISOString();
    const line = { level: 'INFO', timestamp, service, audit };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
}
