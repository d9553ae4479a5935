import { type CustomResource, Duration, Tags } from 'aws-cdk-lib';
import { CfnRotationSchedule, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { overlapTag } from '../../functions/administration/secret-rotation/overlap.ts';
import { ConfigurationError } from '../settings/configuration-error.ts';
import { checkedSeconds } from '../settings/durations.ts';

/**
 * How the secret of a client changes by itself.
 * @internal
 */
export interface SecretRotationProps {
  /**
   * How often Secrets Manager changes the secret: 4 hours to a year, in whole hours. Whoever gets tokens by it has to
   * read it again before `secretOverlap` is over.
   * @default never: a program that reads the secret once, when it starts, would get no tokens after the overlap
   */
  readonly secretRotation?: Duration;
  /**
   * How long the old secret works beside the new one: 5 minutes to 30 days, and shorter than `secretRotation`.
   * @default Duration.hours(24), or half of a shorter `secretRotation`
   */
  readonly secretOverlap?: Duration;
}

/** The same, checked, in seconds. */
export interface SecretRotationSettings {
  readonly interval: number;
  readonly overlap: number;
}

/**
 * Checks how a secret is to change; undefined: never.
 * @throws ConfigurationError
 */
export function secretRotationSettings({
  secretRotation,
  secretOverlap,
}: SecretRotationProps): SecretRotationSettings | undefined {
  if (!secretRotation) {
    if (!secretOverlap) return undefined;
    throw new ConfigurationError('secretOverlap is set without secretRotation: name both.');
  }
  const interval = checkedSeconds(secretRotation, 'secretRotation', intervals);
  if (interval % hour !== 0) {
    throw new ConfigurationError(
      `secretRotation is ${secretRotation.toHumanString()}: take whole hours, as Secrets Manager does.`,
    );
  }
  const usual = Duration.seconds(Math.min(day, interval / 2));
  const overlap = checkedSeconds(secretOverlap ?? usual, 'secretOverlap', overlaps);
  if (overlap < interval) return { interval, overlap };
  throw new ConfigurationError(
    'secretOverlap is not shorter than secretRotation: secrets that work would pile up.',
  );
}

const hour = 3600;
const day = 24 * hour;
const intervals = { from: Duration.hours(4), to: Duration.days(365) };
const overlaps = { from: Duration.minutes(5), to: Duration.days(30) };

/** What is to change, and by whom. */
export interface Rotation {
  readonly secret: CfnSecret;
  /** Of the function that administers the server's clients. */
  readonly functionArn: string;
  /** What puts the first value there. */
  readonly registration: CustomResource;
  readonly settings: SecretRotationSettings;
}

/** Has Secrets Manager change a secret from now on. A deployment itself changes none. */
export function rotate({ secret, functionArn, registration, settings }: Rotation): void {
  const { interval, overlap } = settings;
  Tags.of(secret).add(overlapTag, String(overlap));
  const schedule = new CfnRotationSchedule(secret, 'Rotation', {
    secretId: secret.ref,
    rotationLambdaArn: functionArn,
    rotateImmediatelyOnUpdate: false,
    rotationRules: { scheduleExpression: `rate(${rateOf(interval)})` },
  });
  schedule.node.addDependency(registration);
}

const rateOf = (seconds: number): string => {
  const [amount, unit] = seconds % day === 0 ? [seconds / day, 'day'] : [seconds / hour, 'hour'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
};
