import { extname } from 'node:path';
import { tarball } from '../journeys/common.ts';
import type { Outcome, Ran, Travelled } from '../running/journey.ts';
import { shortened } from './clean.ts';

/** What the page is made of. */
export interface Walked {
  readonly journeys: readonly Travelled[];
  /** Titles of journeys, with the reason. */
  readonly leftOut: readonly string[];
  /** Programs, with their versions. */
  readonly versions: readonly string[];
}

/** The page of the walkthrough. */
export function walkthroughPage({ journeys, leftOut, versions }: Walked): string {
  const sections = journeys.map(section);
  return `${[
    preface,
    contents(journeys),
    left(leftOut),
    ...sections,
    `## Versions\n\n${versions.map((one) => `- ${one}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

const preface = `# From an empty folder to a guarded call

Each journey begins in an empty folder, on a computer with Node and npm, and ends with a call that the authorizer lets
in. \`countersign\` comes from the tarball of \`npm run pack\`, which lies beside the folder as
\`${tarball.replace('..', '~')}\`; nothing comes from a checkout. Commands are as typed, and the seconds are those of a
small computer that had other work, too. \`npm run walkthrough -- --report docs/walkthrough.md\` makes this page anew, and
fails when a step does.

**It is an emulator of AWS on one computer, no AWS account**: MiniStack, at \`AWS_ENDPOINT_URL\`. Where that shows:

- It gives the APIs no names that a computer can find. So each issuer is set, to \`$ISSUER\`, an origin of this computer
  that leads to the server's API, as a custom domain would. \`$API\` does the same for the API. On AWS neither is needed.
- \`--require-approval never\` stands where the CDK would ask, for nobody is there to answer.

\`CLIENT_ID\`, \`CLIENT_SECRET\` and \`TOKEN\` are what the commands before have printed. Secrets, tokens and ports are cut, and
so is what is long: \`[21 lines]\` are left out there, and the CDK's lines of progress everywhere.`;

const contents = (journeys: readonly Travelled[]): string =>
  [
    '| journey | commands | seconds |',
    '|---|---|---|',
    ...journeys.map(({ title, outcomes }) => {
      const ran = outcomes.filter(isCommand);
      const seconds = ran.reduce((sum, one) => sum + one.seconds, 0);
      return `| ${title} | ${ran.length} | ${seconds.toFixed(0)} |`;
    }),
  ].join('\n');

const left = (titles: readonly string[]): string =>
  titles.length === 0 ? '' : `**Left out:** ${titles.join('; ')}.`;

const section = ({ title, about, outcomes }: Travelled): string =>
  [`## ${title}`, about, ...outcomes.map(shown)].join('\n\n');

const isCommand = (outcome: Outcome): outcome is Ran => 'command' in outcome;

function shown(outcome: Outcome): string {
  if (!isCommand(outcome)) {
    const language = languages[extname(outcome.file)] ?? '';
    return `\`${outcome.file}\`:\n\n\`\`\`${language}\n${outcome.text.trimEnd()}\n\`\`\``;
  }
  const { command, printed, seconds } = outcome;
  const said = shortened(printed);
  const line = `$ ${command}${command.includes('\n') ? '\n' : '    '}# ${seconds.toFixed(1)} s`;
  return `\`\`\`console\n${[line, said].filter((part) => part !== '').join('\n')}\n\`\`\``;
}

const languages: Readonly<Record<string, string>> = {
  '.ts': 'ts',
  '.js': 'js',
  '.mjs': 'js',
  '.json': 'json',
  '.yaml': 'yaml',
  '.py': 'python',
};
