import { awsTrouble } from '../../command/aws-trouble.ts';
import type { Examination } from '../examination/examination.ts';
import { faultsOr, notChecked, type Verdict, warning } from '../findings/finding.ts';

/**
 * Whether KMS has keys that somebody else has tagged as this deployment's. They are let alone, but
 * whoever did it was after something. Says nothing where no deployment is known.
 */
export async function checkKeyTags({ subject }: Examination): Promise<readonly Verdict[]> {
  if (!subject.strangers) return [];
  try {
    const strangers = await subject.strangers();
    return strangers ? faultsOr(strangers.map(fault), fine) : [untold('it could not look at KMS')];
  } catch (error) {
    return [untold(awsTrouble(error))];
  }
}

const fine = 'All keys in KMS with the tags of this deployment are keys of its ring.';

const fault = ({ key_id, reason }: { readonly key_id: string; readonly reason: string }): Verdict =>
  warning(
    `The KMS key ${key_id} has the tags of this deployment, and is none of its keys: ${reason}.`,
    'Find out who has made or tagged it, then take the tags away or delete it.',
  );

const untold = (why: string): Verdict =>
  notChecked(
    `The key rotation function did not tell whose the keys in KMS are: ${why}.`,
    'Look at its log, and at the permission to invoke it, as `countersign key list` shows.',
  );
