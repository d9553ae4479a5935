import type { Done, ShownKey } from '../../functions/key-rotation/reply.ts';
import { jwkSetMaxAge, retention, signerFreshness } from '../../functions/oauth/key-times.ts';
import { date, table } from '../io/table.ts';

/** Keys as people see them. */
export function keysText(keys: readonly ShownKey[], now: number): string {
  if (keys.length === 0) return 'There are no keys.';
  return table(
    ['KID', 'ALGORITHM', 'PRIVATE KEY', 'STATE', 'AGE', 'NEXT'],
    keys.map((key) => [
      key.kid,
      key.alg,
      key.custody === 'kms-wrapped' ? 'wrapped' : 'in KMS',
      key.revoked ? `${key.state} (revoked)` : key.state,
      ageText(now - key.published_at),
      key.next_change ? `${key.next_change.to} ${date(key.next_change.at)}` : '',
    ]),
  );
}

/** What a rotation did. */
export function rotationText({ keys, kid }: Done): string {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (key?.state === 'active') {
    return `The key ${kid} is active: it signs new tokens within ${signerFreshness} s.`;
  }
  const { to, at } = key?.next_change ?? {};
  const activation =
    to === 'active' && at !== undefined ? ` It becomes active at ${date(at)}.` : '';
  return `The new key ${kid} is published.${activation}`;
}

/** What a revocation did. */
export function revocationText(revoked: string, { kid }: Done): string {
  const active = kid === undefined ? 'No key is active now.' : `The key ${kid} is active now.`;
  return `Revoked the key ${revoked}: the JWK Set no longer has it.\n${active}`;
}

/** What an operator should know of keys that others have tagged as ours. */
export function strangerNotes({ strangers = [], strangers_left_out = 0 }: Done): readonly string[] {
  const named = strangers.map(
    ({ key_id, reason }) =>
      `The KMS key ${key_id} has the tags of this deployment, and is none of its keys: ${reason}. It is let alone. Find out who has made or tagged it, then take the tags away or delete it.`,
  );
  const others = `So many more KMS keys with the tags of this deployment were not looked at: ${strangers_left_out}.`;
  return strangers_left_out > 0 ? [...named, others] : named;
}

/** Who refuses the tokens of a revoked key, and from when on. */
export const revocationNotes = (isListed: boolean): readonly string[] => [
  ...(isListed
    ? [
        'APIs that refuse revoked tokens do so within the seconds that each has set, 10 in the demo.',
      ]
    : []),
  `Caches may keep the JWK Set of before for ${jwkSetMaxAge} s: within that time Countersign's ${isListed ? 'other ' : ''}authorizers come to refuse the key's tokens, or later by as long as API Gateway caches an authorizer's answer (resultsCacheTtl, 60 s by default).`,
  "Verifiers that keep a JWK Set longer go on accepting them for as long: API Gateway's own JWT authorizers for two hours.",
  'Clients must fetch new tokens.',
];

/** A revocation of a key as programs see it: when it was, and when no token of the key is alive. */
export function revokedKeyRecord(revoked: string, { keys }: Done) {
  const revoked_at = keys.find(({ kid }) => kid === revoked)?.removed_at;
  return revoked_at === undefined ? {} : { revoked_at, expires_at: revoked_at + retention };
}

/** Who may refuse the tokens of a key that not all know yet, and until when. */
export function newKeyNotes({ known_to_all_at }: Done, now: number): readonly string[] {
  if (known_to_all_at === undefined || known_to_all_at <= now) return [];
  return [
    `Until ${date(known_to_all_at)}, verifiers that keep a JWK Set and do not fetch it again for an unknown kid may refuse new tokens: API Gateway's JWT authorizers keep it for two hours.`,
    "Those that do fetch it again (jose, aws-jwt-verify, Countersign's own authorizer) accept them within about a minute.",
  ];
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** Seconds for people, in the largest unit that there is one of. */
function ageText(seconds: number): string {
  const [unit, size] = units.find(([, least]) => seconds >= least) ?? ['s', 1];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}
