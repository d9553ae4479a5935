import * as v from 'valibot';
import { type SettingCheck, settingCheck } from './setting-checks.ts';

/** Checks of settings that are names of AWS. */

/** The ARN of a certificate in ACM. */
export const certificateArn = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]{1,64}$/;

/** Checks the ARN of a certificate. */
export const checkCertificateArn = settingCheck(
  v.pipe(v.string(), v.regex(certificateArn)),
  'must be the ARN of a certificate in ACM, such as ' +
    'arn:aws:acm:eu-west-1:111122223333:certificate/11112222-3333-4444-5555-666677778888',
);

/** The ARN of the stream of a DynamoDB table: it tells the table as well. */
const tableStreamArn =
  /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]{3,255}\/stream\/[\w:.-]+$/;

/** Checks the ARN of the stream of a table. */
export const checkTableStreamArn = settingCheck(
  v.pipe(v.string(), v.regex(tableStreamArn)),
  'must be the ARN of the stream of a DynamoDB table, as `countersign adopt` tells it: ' +
    'arn:aws:dynamodb:eu-west-1:111122223333:table/NAME/stream/LABEL',
);

const keyIds = v.array(v.pipe(v.string(), v.regex(/^(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/)));

/** Checks ids of KMS keys: a list, or a text with spaces or commas as `-c` gives it. */
export const checkKeyIds: SettingCheck<string[]> = settingCheck<string[]>(
  keyIds,
  'must be ids of KMS keys, such as 11112222-3333-4444-5555-666677778888',
  v.pipe(
    v.string(),
    v.transform((text) => text.split(/[ ,]+/).filter(Boolean)),
    keyIds,
  ),
);

/** Checks the name of a CloudFormation stack. */
export const checkStackName = settingCheck(
  v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/)),
  'must be the name of a stack: a letter, then up to 127 letters, digits and hyphens, such as Countersign',
);

/** Checks the name of an AWS Region. Whether there is such a one is for AWS to say. */
export const checkRegion = settingCheck(
  v.pipe(v.string(), v.regex(/^[a-z]{2,}(-[a-z]+)+-\d+$/)),
  'must be an AWS Region, such as eu-central-1',
);

/** Checks the id of an AWS account: a text, because it may begin with a zero. */
export const checkAccount = settingCheck(
  v.pipe(v.string(), v.regex(/^\d{12}$/)),
  'must be the id of an AWS account as a text: 12 digits, such as "111122223333"',
);
