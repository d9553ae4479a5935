import * as v from 'valibot';
import type { Examination } from '../examination/examination.ts';
import { faultsOr, problem, type Verdict } from '../findings/finding.ts';
import { quoted } from '../findings/foreign-value.ts';
import { type Jwk, jwkFaults } from './jwk.ts';

/** Some verifiers read no more. */
const mostKeys = 10;

/** Whether the JWK Set is one that every verifier can read (RFC 7517 §5). */
export async function checkJwkSet({ jwkSet }: Examination): Promise<readonly Verdict[]> {
  const { json } = await jwkSet();
  if (!v.is(someKeys, json)) return [noKeys];
  const { keys } = json;
  // A hostile set could keep us busy with its keys.
  const faults = await Promise.all(keys.slice(0, mostKeys).map(jwkFaults));
  return faultsOr([...setFaults(keys), ...faults.flat()], soundText(keys));
}

/** What is in a key is for the rules of jwk.ts to say. */
const someKeys = v.object({ keys: v.pipe(v.array(v.looseObject({})), v.minLength(1)) });

const noKeys = problem(
  'The JWK Set has no list of keys in it.',
  'Look at what answers at the jwks_uri, and at the log of the discovery function.',
);

function setFaults(keys: readonly Jwk[]): readonly Verdict[] {
  const distinct = (member: string): number => new Set(keys.map((key) => key[member])).size;
  const rules = [
    {
      broken: keys.length > mostKeys,
      what: `The JWK Set has ${keys.length} keys, and some consumers read ${mostKeys} at most.`,
      remedy: 'Publish the next key, the current one and the one before, and no other.',
    },
    {
      broken: distinct('kid') < keys.length,
      what: 'Two keys of the JWK Set have the same kid.',
      remedy: 'Give each key its own thumbprint as kid, so that a token names one key.',
    },
    {
      broken: distinct('kty') > 1,
      what: 'The JWK Set has keys of more than one kty, over which some consumers stumble.',
      remedy: 'Publish keys of one family, and give another family an issuer of its own.',
    },
  ];
  return rules.flatMap(({ broken, what, remedy }) => (broken ? [problem(what, remedy)] : []));
}

function soundText(keys: readonly Jwk[]): string {
  const count = keys.length === 1 ? 'one key' : `${keys.length} keys`;
  return `The JWK Set has ${count} (${quoted(keys[0]?.kty)}), public, named by thumbprint.`;
}
