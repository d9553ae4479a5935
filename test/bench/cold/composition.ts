import type { Metafile } from 'esbuild';

/** Which part of a bundle a file belongs to, by the beginning of its path. */
const parts: readonly (readonly [name: string, path: RegExp])[] = [
  ['Countersign', /^(functions|infra)\//],
  ['operations and errors of DynamoDB and KMS', /client-[a-z]+\/dist-es\/(models|schemas)\//],
  ['the rest of their clients', /client-[a-z]+\/|dynamodb/],
  ['what the clients of the SDK share', /@(aws-sdk|smithy|aws)\//],
  ['jose', /\/jose\//],
  ['valibot', /\/valibot\//],
  ['middy', /@middy\//],
];

/** What a bundle consists of, as a table in Markdown. */
export function composition(title: string, { outputs }: Metafile): string {
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [name] = parts.find(([, pattern]) => pattern.test(path)) ?? ['others'];
      bytes.set(name, (bytes.get(name) ?? 0) + bytesInOutput);
    }
  }
  const rows = [...bytes]
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, size]) => `| ${name} | ${(size / 1024).toFixed(0)} |`);
  return [`## ${title}`, '', '| of | KB |', '| --- | --- |', ...rows].join('\n');
}
