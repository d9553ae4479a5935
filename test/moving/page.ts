import type { MovingRecord } from './move.ts';

/** The page of the records: for each request what came before the move and after. */
export const movingPage = (records: readonly MovingRecord[], measured?: string): string =>
  `${[head, ...records.map(section), ...(measured === undefined ? [] : [manySection(measured)])].join('\n\n')}\n`;

const manySection = (measured: string): string =>
  `## Many clients, ten of them wrong\n\n\`\`\`\n${measured}\n\`\`\``;

const head = `# Moving, live

What \`npm run moving\` printed. Each program sends the same request with the same secret twice: to the
other system, and to the local stack after the import. Only the URL of the token endpoint is another.`;

function section({ title, before, commands, after }: MovingRecord): string {
  const rows = before.map(({ program, machine, answer }, index) => {
    const cells = [program, `${machine.client_id}, ${machine.method}`, answer];
    return `| ${[...cells, after[index]?.answer ?? ''].join(' | ')} |`;
  });
  const printed = commands.map(({ line, said }) => `$ ${line}\n${said}`);
  return [
    `## ${title}`,
    '```\n'.concat(printed.join('\n\n'), '\n```'),
    [`| program | client | ${title} | Countersign |`, '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}
