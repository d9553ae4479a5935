import { isObject, type JsonObject } from '../json-input.ts';
import { RegistryError } from '../registry-error.ts';
import { aws, entra, google } from './cloud-platforms.ts';
import { github, gitlab } from './code-platforms.ts';
import { keySourceMembers } from './key-source.ts';
import type { Preset, PresetMember } from './preset.ts';
import { checkMembers } from './rule-members.ts';
import { kubernetes, oidc, spiffe } from './workload-platforms.ts';

/** What is known of the platforms. A further one is an entry here. */
const presets: Readonly<Record<string, Preset>> = {
  github,
  gitlab,
  kubernetes,
  spiffe,
  aws,
  google,
  entra,
  oidc,
};

/** Members that any preset may have beside its own. Claims are added; the others replace the preset's. */
const overrides = ['audience', 'claims', 'single_use', 'max_lifetime', ...keySourceMembers];

/** The platforms that there are presets for. */
export const platforms = Object.keys(presets);

/** The members that presets have of their own -> for which platforms, each with an example. */
export function presetMembers(): ReadonlyMap<string, string> {
  const all = Object.entries(presets).flatMap(([platform, { members }]) =>
    Object.entries(members).map(([name, { such }]) => ({ name, text: `${platform}: ${such}` })),
  );
  const byName = Map.groupBy(all, ({ name }) => name);
  return new Map(
    [...byName].map(([name, each]) => [name, each.map(({ text }) => text).join('; ')]),
  );
}

/** Member of a preset -> what it is called where an option gives it. */
export type MemberOptions = Readonly<Record<string, string>>;

/**
 * Makes a trust rule of `{"platform": ..., ...}` by what is known of this platform.
 * @param options member -> the option of the command line that gives it
 * @returns the rule, as if it had been written out
 * @throws RegistryError when there is no such platform, or a member is missing, unknown or malformed
 */
export function applyPreset(
  { platform, ...written }: JsonObject,
  options: MemberOptions = {},
): JsonObject {
  const known = Object.entries(presets).find(([name]) => name === platform);
  if (!known) {
    throw new RegistryError('input', `platform is one of ${platforms.join(', ')}`);
  }
  const [name, { members, needsAudience, rule }] = known;
  checkMembers(written, `a rule for ${name}`, [...Object.keys(members), ...overrides]);
  if (needsAudience && written.audience === undefined) {
    throw new RegistryError('input', `a rule for ${name} needs audience, such as ${needsAudience}`);
  }
  checkNeeded(name, members, written);
  const nameOf = (member: string) => options[member] ?? `${member} of a rule for ${name}`;
  const made = rule(ownMembers(members, written, nameOf));
  const more = Object.fromEntries(
    overrides.filter((member) => member in written).map((member) => [member, written[member]]),
  );
  return { ...made, ...more, claims: joinClaims(made.claims, written.claims) };
}

/** The platform of a rule that names no issuer, and so gets that of the platform's public server; of another: undefined. */
export function platformByDefault(written: unknown): string | undefined {
  if (!isObject(written) || written.issuer !== undefined) return undefined;
  const [name, preset] =
    Object.entries(presets).find(([known]) => known === written.platform) ?? [];
  const member = preset?.members.issuer;
  return member && !member.needed ? name : undefined;
}

function checkNeeded(platform: string, members: Preset['members'], written: JsonObject): void {
  for (const [name, { needed, such }] of Object.entries(members)) {
    if (!needed || written[name] !== undefined) continue;
    throw new RegistryError('input', `a rule for ${platform} needs ${name}, such as ${such}`);
  }
}

/** The members that are the preset's own, each as it must look. */
function ownMembers(
  members: Preset['members'],
  written: JsonObject,
  nameOf: (member: string) => string,
): Readonly<Record<string, string>> {
  const own = Object.entries(members).flatMap(([name, member]) => {
    const value = written[name];
    if (value === undefined) return [];
    if (typeof value === 'string' && member.pattern.test(value)) return [[name, value] as const];
    throw new RegistryError('input', `${nameOf(name)} ${memberProblem(value, member)}`);
  });
  return Object.fromEntries(own);
}

function memberProblem(value: unknown, { faults = [], such }: PresetMember): string {
  const [, fault] =
    faults.find(([pattern]) => typeof value === 'string' && !pattern.test(value)) ?? [];
  return `${fault === undefined ? '' : `${fault}: it `}is a text such as ${such}`;
}

/** Further claims come on top; none takes the place of what the preset expects. */
function joinClaims(known: JsonObject = {}, written: unknown = {}): unknown {
  if (!isObject(written)) return written;
  const twice = Object.keys(written).find((name) => Object.hasOwn(known, name));
  if (twice === undefined) return { ...written, ...known };
  throw new RegistryError('input', `the claim ${twice} is what the platform's own members say`);
}
