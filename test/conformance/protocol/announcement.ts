import {
  type ConformanceCase,
  type Deployment,
  NotCovered,
  NotOffered,
} from '../conformance-case.ts';
import { fetchMetadata, listed } from './metadata.ts';

/** A member of the metadata, or a value in a list there, by which something is announced. */
type Announcement = readonly [member: string, value?: string];

/** Something that a deployment need not offer, and that this suite has no cases for. */
interface Unoffered extends Omit<ConformanceCase, 'run'> {
  /** What it is, to go behind "the metadata does not announce". */
  readonly what: string;
  readonly announcements: readonly Announcement[];
  /**
   * Shows that it does not work.
   * @throws Nonconformity when it does work
   */
  readonly attempt?: (deployment: Deployment) => Promise<void>;
}

/**
 * Makes the case for something that is not offered: it is neither announced (RFC 8414 §2) nor
 * does it work. What is announced it cannot judge.
 */
export function unofferedCase(unoffered: Unoffered): ConformanceCase {
  const { what, announcements, attempt, ...described } = unoffered;
  return {
    ...described,
    async run(deployment) {
      const metadata = await fetchMetadata(deployment);
      const announced = announcements.find(([member, value]) =>
        value === undefined
          ? metadata[member] !== undefined && metadata[member] !== false
          : listed(metadata, member).includes(value),
      );
      const [member, value = member] = announced ?? [];
      if (announced) throw new NotCovered(`${value} is announced; this suite has no cases for it`);
      await attempt?.(deployment);
      throw new NotOffered(`the metadata does not announce ${what}`);
    },
  };
}

/** Announces a way of client authentication (RFC 8414 §2). */
export const authMethod = (name: string): Announcement => [
  'token_endpoint_auth_methods_supported',
  name,
];

/** Announces a grant (RFC 8414 §2). */
export const grantType = (name: string): Announcement => ['grant_types_supported', name];
