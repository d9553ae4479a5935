import { Logger } from '@aws-lambda-powertools/logger';
import type { Audit } from '../oauth/audit.ts';

/** Writes audit entries as JSON lines to the function's log, under the name of the service. */
export function auditLog(service: string): Audit {
  const logger = new Logger({ serviceName: service });
  return (entry) => logger.info('audit', { audit: entry });
}
