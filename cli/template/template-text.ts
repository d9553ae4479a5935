/**
 * Writes a template with a line for each resource, parameter and output: CloudFormation takes 51,200 bytes with a
 * request, and a template with indentation would need a bucket.
 */
export function templateText(template: object): string {
  const sections = Object.entries(template).map(([name, section]) => {
    return `${JSON.stringify(name)}:${sectionText(section)}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}

function sectionText(section: unknown): string {
  if (typeof section !== 'object' || section === null) return JSON.stringify(section);
  const lines = Object.entries(section).map(([name, one]) => {
    return `${JSON.stringify(name)}:${JSON.stringify(one)}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
