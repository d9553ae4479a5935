import { constants } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAuthorizer } from './authorizer/authorizer.ts';
import { benchCold } from './cold/cold.ts';
import { benchSdkCalls } from './handler/handler.ts';
import { redraw, writeReport } from './pages/files.ts';
import { markdown } from './pages/markdown.ts';
import { benchClientAuthentication } from './protocol/client-authentication.ts';
import { benchDpop } from './protocol/dpop.ts';
import { type Report, recorded } from './report/report.ts';
import type { Plan } from './report/rounds.ts';
import { benchScale } from './scale/scale.ts';
import { benchTokens } from './tokens/tokens.ts';

/** Everything about one bench. */
interface Bench {
  /** What it measures, for --help. */
  readonly measures: string;
  readonly run: (plan: Plan) => Promise<Report>;
  readonly plan: Plan;
  /** Runs only where it is named: it takes long. */
  readonly onlyIfNamed?: true;
}

/** `npm run bench [-- NAME...]`. A further bench is an entry here. */
const benches: Readonly<Record<string, Bench>> = {
  tokens: {
    measures: 'the token endpoint beside those of other servers, over HTTP',
    run: benchTokens,
    plan: { rounds: 15, requests: 4000 },
  },
  handler: {
    measures: 'the token function beside the bare calls of AWS that it makes',
    run: benchSdkCalls,
    plan: { rounds: 15, requests: 400 },
  },
  cold: {
    measures: 'what a cold start takes, and how large the bundles are',
    run: benchCold,
    plan: { rounds: 15, requests: 1 },
  },
  authorizer: {
    measures: 'verifying access tokens, beside jose, aws-jwt-verify and fast-jwt',
    run: benchAuthorizer,
    plan: { rounds: 15, requests: 1000 },
  },
  scale: {
    measures:
      '1 to 1,000,000 clients, 10 to 500 connections: latency and memory (10 minutes, 5 GB)',
    run: benchScale,
    plan: { rounds: 7, requests: 800 },
    onlyIfNamed: true,
  },
  'client-authentication': {
    measures: 'what each method of client authentication costs the token function',
    run: benchClientAuthentication,
    plan: { rounds: 15, requests: 400 },
  },
  dpop: {
    measures: 'what DPoP-bound tokens cost, where they are issued and where they are used',
    run: benchDpop,
    plan: { rounds: 15, requests: 400 },
  },
};

/** In place of benches: draws what was measured before. */
const redrawing = 'plot';

const usage = `Usage: npm run bench [-- [--out FOLDER] [NAME...]]

Measures the benches named, or all but those marked with *. Each prints its report and writes it to
FOLDER (docs/bench) as NAME.json, NAME.md and NAME.svg; FOLDER/README.md has the targets of all.

${Object.entries(benches)
  .map(
    ([name, { measures, onlyIfNamed }]) =>
      `  ${`${name}${onlyIfNamed ? '*' : ''}`.padEnd(24)}${measures}`,
  )
  .join('\n')}
  ${redrawing.padEnd(24)}measures nothing: draws the reports in FOLDER anew
`;

// A signal kills a process without its exit event, which removes temporary folders.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

const { values, positionals } = options();
if (values.help) {
  process.stdout.write(usage);
} else {
  await measure(positionals, resolve(values.out));
}

async function measure(names: readonly string[], folder: string): Promise<void> {
  for (const [name, { run, plan, onlyIfNamed }] of Object.entries(benches)) {
    if (!(names.length === 0 ? !onlyIfNamed : names.includes(name))) continue;
    const progress = (line: string) => process.stderr.write(`${name}: ${line}\n`);
    const report = recorded(await run({ ...plan, progress }));
    await writeReport(name, report, folder);
    process.stdout.write(`${markdown(name, report)}\n`);
  }
  await redraw(folder).catch((error: Error) => {
    process.stderr.write(`the reports in ${folder} cannot be drawn: ${error.message}\n`);
    process.exitCode = 1;
  });
}

function options() {
  try {
    const parsed = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: 'string', default: 'docs/bench' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const unknown = parsed.positionals.find(
      (name) => name !== redrawing && !Object.hasOwn(benches, name),
    );
    if (unknown === undefined) return parsed;
    return refuse(`there is no bench ${unknown}; there are ${Object.keys(benches).join(', ')}`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(message: string): never {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}
