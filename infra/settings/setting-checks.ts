import * as v from 'valibot';
import {
  isSigningAlgorithm,
  type SigningAlgorithmName,
  signingAlgorithms,
} from '../../functions/aws/signing-algorithms.ts';
import { isResourceIdentifier } from '../../functions/oauth/resource-server.ts';
import { isSecureOrigin } from '../../functions/oauth/secure-url.ts';
import { wrongValue } from './configuration-error.ts';

/**
 * Checks the value of the setting of this name, and gives it in the one form that we use. A text may be what
 * `-c` gives in place of a number, a switch or a list.
 * @throws ConfigurationError
 */
export interface SettingCheck<Value> {
  (value: unknown, name: string): Value;
  /** The values that a file may have: those that `-c` cannot give as they are, too, and no texts for them. */
  readonly schema: v.GenericSchema<Value>;
  /** What the schema demands, in words: `must be ...`. */
  readonly rule: string;
}

/** Makes a check. The rule says in words what the schema demands. */
export function settingCheck<Value>(
  schema: v.GenericSchema<Value>,
  rule: string,
  asText?: v.GenericSchema<unknown, Value>,
): SettingCheck<Value> {
  const either = asText ? v.union([schema, asText]) : schema;
  const check = (value: unknown, name: string): Value => {
    const result = v.safeParse(either, value);
    if (result.success) return result.output;
    throw wrongValue(name, value, rule);
  };
  return Object.assign(check, { schema, rule });
}

/** Makes a check for one of a few words. */
export const checkOneOf = <Choice extends string>(
  choices: readonly Choice[],
): SettingCheck<Choice> => settingCheck(v.picklist(choices), `must be ${choices.join(' or ')}`);

/** Makes a check for a whole number, or its decimal digits as `-c` gives them. */
export function checkWholeNumber({ of, from, to }: WholeNumber): WholeNumberCheck {
  const number = v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to));
  const digits = v.pipe(v.string(), v.regex(/^(0|[1-9]\d*)$/), v.transform(Number), number);
  const check = settingCheck(number, `must be whole ${of} from ${from} to ${to}`, digits);
  return Object.assign(check, { from, to });
}

/** A check for a whole number, which says between which limits. */
export type WholeNumberCheck = SettingCheck<number> & Omit<WholeNumber, 'of'>;

interface WholeNumber {
  /** The unit. */
  readonly of: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Checks an issuer identifier: the origin of an https URL, so that it can never differ by a
 * slash from what the metadata and the tokens say (RFC 8414 §2). http is for this computer only.
 */
export const checkIssuer = settingCheck(
  v.pipe(v.string(), v.check(isSecureOrigin)),
  'must be the origin of an https URL, such as https://auth.example.com, in lower case and ' +
    'without path, query, fragment or trailing slash; http is for localhost, 127.0.0.1 and [::1] only',
);

/** An issuer identifier, be it a bad one. */
export const formerIssuer = /^https?:\/\/[^\s/?#]+$/;

/** Checks an issuer identifier that is only compared with what a deployment has: it may have been a bad one. */
export const checkFormerIssuer = settingCheck(
  v.pipe(v.string(), v.regex(formerIssuer)),
  'must be the issuer from before, such as https://auth.example.com, without path, query, fragment or trailing slash',
);

/** Checks the origin at which clients show a certificate (RFC 8705 §5). */
export const checkMtlsOrigin = settingCheck(
  v.pipe(v.string(), v.startsWith('https:'), v.check(isSecureOrigin)),
  'must be the origin of an https URL, such as https://mtls.auth.example.com, in lower case and ' +
    'without path, query, fragment or trailing slash',
);

const origins = v.pipe(
  v.array(v.string()),
  v.everyItem((origin) => origin === 'loopback' || isSecureOrigin(origin)),
);

/**
 * Checks origins of web pages: a list, or a text with spaces or commas as `-c` gives it. A page that came by
 * http over a network may have been changed on its way.
 */
export const checkOrigins: SettingCheck<string[]> = settingCheck<string[]>(
  origins,
  'must be origins of web pages, such as https://console.example.com, each in lower case and without path or ' +
    'trailing slash, never * or null; http is for localhost, 127.0.0.1 and [::1] only, and loopback means all of these',
  v.pipe(
    v.string(),
    v.transform((text) => text.split(/[ ,]+/).filter(Boolean)),
    origins,
  ),
);

/** Checks the identifier of a resource server (RFC 8707 §2). */
export const checkResource = settingCheck(
  v.pipe(v.string(), v.check(isResourceIdentifier)),
  'must be an absolute URI without a fragment, such as https://api.example.com',
);

/** The JOSE names of all algorithms that access tokens can be signed with. */
export const algorithmNames: readonly SigningAlgorithmName[] =
  Object.keys(signingAlgorithms).filter(isSigningAlgorithm);

/** Checks the JOSE name of the algorithm that access tokens are to be signed with. */
export const checkSigningAlgorithm = settingCheck(
  v.picklist(algorithmNames),
  `must be one of ${algorithmNames.join(', ')}`,
);

/** Checks the days from one signing key to the next. */
export const checkRotationDays = checkWholeNumber({ of: 'days', from: 1, to: 365 });

/** A switch as `-c` gives it. */
const flagWord = v.pipe(
  v.picklist(['true', 'false']),
  v.transform((word) => word === 'true'),
);

/** Checks a switch. */
export const checkFlag = settingCheck(v.boolean(), 'must be true or false', flagWord);

/** Checks which metadata name an authorization endpoint. */
export const checkEndpointStub = settingCheck<boolean | 'openid'>(
  v.union([v.literal('openid'), v.boolean()]),
  'must be openid, true or false',
  flagWord,
);

/** The ARN of an SNS topic. */
export const topicArn = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

/** Checks the ARN of an SNS topic. */
export const checkTopicArn = settingCheck(
  v.pipe(v.string(), v.regex(topicArn)),
  'must be the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:111122223333:alarms',
);

/** Checks the path of a file. What the file contains is for others to check. */
export const checkPath = settingCheck(
  v.pipe(v.string(), v.nonEmpty()),
  'must be the path of a file, such as truststore.pem',
);

/** The same of a hook. */
export const checkHookPath = settingCheck(
  v.pipe(v.string(), v.nonEmpty()),
  'must be the path of a file, such as claims.mjs',
);
