import type { WrittenFile } from './write-templates.ts';

/** CloudFormation takes a larger template from S3 alone (AWS: "CloudFormation quotas"). */
const largestInline = 51_200;

/** What was written, and what to do with it. */
export function reportOf(
  folder: string,
  files: readonly WrittenFile[],
): { readonly json: unknown; readonly text: string } {
  const written = files.map(({ path, bytes }) => `  ${path} (${Math.ceil(bytes / 1024)} KB)`);
  const text = [
    `Written to ${folder}:`,
    ...written,
    '  SHA256SUMS',
    '',
    'Upload the files to a bucket of yours, in the Region of the stack, and deploy:',
    '',
    `  aws s3 sync ${quoted(`${folder}/assets`)} s3://BUCKET/countersign/`,
    ...deployment(folder, files),
    '',
    'docs/template.md has the same for SAM, Terraform, Pulumi and the CDK in Python.',
  ].join('\n');
  return { json: { folder, files }, text };
}

function deployment(folder: string, files: readonly WrittenFile[]): readonly string[] {
  const server = files.find(({ path }) => path === 'Countersign.template.json');
  const isLarge = (server?.bytes ?? 0) > largestInline;
  return [
    '  aws cloudformation deploy --stack-name Countersign --capabilities CAPABILITY_IAM \\',
    `    --template-file ${quoted(`${folder}/Countersign.template.json`)} \\`,
    ...(isLarge ? ['    --s3-bucket BUCKET \\'] : []),
    '    --parameter-overrides AssetsBucket=BUCKET',
  ];
}

/** As a shell takes it for one word. */
const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
