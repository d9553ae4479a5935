import manifest from '../../../package.json' with { type: 'json' };
import type { Examination } from '../examination/examination.ts';
import { ok, type Verdict, warning } from '../findings/finding.ts';
import { resourcesOf, type Template } from '../template/template.ts';

/** Whether authorization servers were deployed by the version that this command line is of. */
export async function checkVersion(examination: Examination): Promise<readonly Verdict[]> {
  // The stacks of APIs have none, and a template that cannot be read is a finding of other checks.
  const reads = examination.subject.templates.map(({ read }) => read());
  const templates = (await Promise.allSettled(reads)).flatMap((read) =>
    read.status === 'fulfilled' ? read.value : [],
  );
  return templates.flatMap(versionVerdicts);
}

const versionVerdicts = (template: Template): readonly Verdict[] =>
  resourcesOf(template, 'Custom::CountersignKeyRing').map(({ properties: { Version } }) =>
    verdictOn(template.name, typeof Version === 'string' ? Version : undefined),
  );

function verdictOn(stack: string, deployed: string | undefined): Verdict {
  const { version } = manifest;
  if (deployed === version) {
    return ok(`The stack ${stack} was deployed by version ${version}, as is this command line.`);
  }
  const by = deployed === undefined ? 'one that does not say which it is' : deployed;
  return warning(
    `The stack ${stack} was deployed by another version, ${by}; this command line is ${version}.`,
    'Deploy the newer of both, and use its command line.',
  );
}
