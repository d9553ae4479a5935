import type { Examination } from '../examination/examination.ts';
import { parseEndpoint } from '../examination/metadata.ts';
import { faultsOr, notChecked, problem, type Verdict } from '../findings/finding.ts';
import { quoted } from '../findings/foreign-value.ts';
import { needed } from '../findings/trouble.ts';

/** What is announced together. The last one is ours: no standard has it. */
const members = ['revocation_endpoint', 'introspection_endpoint', 'revocation_list_uri'] as const;

const methods = '_auth_methods_supported';

/** Whether the metadata say where tokens are revoked and looked up, and how (RFC 7009 §2, RFC 8414 §2). */
export async function checkRevocation({ document }: Examination): Promise<readonly Verdict[]> {
  const { json } = await needed(document('oauth-authorization-server'), 'the metadata');
  if (members.every((name) => json[name] === undefined)) return [nothing];
  const faults = members.flatMap((name) => {
    if (json[name] === undefined) return [missing(name)];
    if (!parseEndpoint(json[name])) return [unfit(name, json[name])];
    const announced = json[`${name}${methods}`];
    const isAnnounced = Array.isArray(announced) && announced.length > 0;
    return name.endsWith('_endpoint') && !isAnnounced ? [missing(`${name}${methods}`)] : [];
  });
  return faultsOr(
    faults,
    'The metadata announce revocation, introspection and the revocation list.',
  );
}

const nothing = notChecked(
  'The metadata announce no revocation.',
  'Deploy a version that has it, if tokens are to be taken back.',
);

const missing = (name: string): Verdict =>
  problem(
    `The metadata have no ${name}.`,
    'Let the metadata of the discovery function through, and all of it.',
  );

const unfit = (name: string, value: unknown): Verdict =>
  problem(
    `The metadata have as ${name} ${quoted(value)}, which is no fit https URL.`,
    'Let the metadata give https URLs, without user and password.',
  );
