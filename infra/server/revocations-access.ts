import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { revocationsTable } from '../../functions/aws/revocations-table.ts';

const { revoked, numbers, byTime } = revocationsTable;

/** What a function, or who administers, may do with the table of revocations at an ARN. Nobody may delete. */
export const revocationsAccess = {
  /** Read what was taken back, by the time. */
  read: (tableArn: string) =>
    onPartition(revoked, {
      actions: ['dynamodb:Query'],
      resources: [`${tableArn}/index/${byTime}`],
    }),
  /** Note what is taken back, and see whether it was. */
  revoke: (tableArn: string) =>
    onPartition(revoked, {
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [tableArn],
    }),
  /** See whether something was, and by the answer what time it is: what has expired is judged by that. */
  lookUp: (tableArn: string) =>
    onPartition(revoked, { actions: ['dynamodb:GetItem'], resources: [tableArn] }),
  /** Note it alone. */
  note: (tableArn: string) =>
    onPartition(revoked, { actions: ['dynamodb:PutItem'], resources: [tableArn] }),
  /** Read how many tokens were counted. */
  readNumbers: (tableArn: string) =>
    onPartition(numbers, { actions: ['dynamodb:Query'], resources: [tableArn] }),
  /** Count tokens. */
  number: (tableArn: string) =>
    onPartition(numbers, { actions: ['dynamodb:UpdateItem'], resources: [tableArn] }),
} as const;

interface Permission {
  readonly actions: string[];
  readonly resources: string[];
}

const onPartition = (pk: string, permission: Permission): PolicyStatement =>
  new PolicyStatement({
    ...permission,
    conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [pk] } },
  });
