import type { AuthorizerEnvironment } from '../../../functions/authorizer/environment.ts';
import { withoutRevocations } from '../../../functions/authorizer/revocations/environment.ts';
import { api, issuer } from '../../support/a-client.ts';
import { tokenEnvironment, tokenRequest } from '../../support/a-token-function.ts';
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts';
import { lambdaEnvironment, startInstance } from '../../support/lambda-instance.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { type Report, ratioTarget, type Table, type Target } from '../report/report.ts';
import { type Contestant, inTurn, type Plan, spreadOf } from '../report/rounds.ts';
import { type Bundle, deployed, floors, nodejsFunctions, onTheWay } from './bundles.ts';
import { composition } from './composition.ts';

type Figure = 'answered' | 'cpu' | 'size';

const [us, byDefault] = ['Countersign', 'NodejsFunction'];

const authorizerEnvironment = {
  ISSUER: issuer,
  AUDIENCE: api,
  ALGORITHMS: 'RS256',
  ROUTES: '{"$default":[]}',
  FOREIGN_ISSUERS: 'none',
  RESOURCE_METADATA: 'none',
  ...withoutRevocations,
} satisfies AuthorizerEnvironment;

/** What a cold start of the token function takes, and of the authorizer, and how large their bundles are. */
export async function benchCold(plan: Plan): Promise<Report> {
  const outdir = temporaryFolder('cold-');
  const aws = await startAwsStub();
  try {
    return await measure(plan, aws, outdir);
  } finally {
    aws.close();
  }
}

async function measure(plan: Plan, aws: AwsStub, outdir: string): Promise<Report> {
  const own = await deployed('token', outdir);
  const tokenBundles = [
    ...nodejsFunctions('token', outdir),
    ...(await onTheWay('token', outdir)),
    own,
    ...(await floors(outdir)),
  ];
  const token = await inTurn(
    tokenBundles.map((bundle) => contestant(bundle, tokenEnvironment, { aws, tokenRequest })),
    plan,
  );
  const [external] = nodejsFunctions('authorizer', outdir);
  const authorizerBundles = [...(external ? [external] : []), await deployed('authorizer', outdir)];
  const authorizer = await inTurn(
    authorizerBundles.map((bundle) => contestant(bundle, authorizerEnvironment, { aws })),
    plan,
  );
  const peers = tokenBundles.map(({ name }) => name).filter((name) => name !== us);
  const toToken = { title: 'Token function, to the first token', measured: token, peers, ...shown };
  const toImport = { title: 'Authorizer, to its import', measured: authorizer, ...shown };
  return {
    about,
    tables: [toToken, toImport],
    targets: targets(toToken, toImport),
    notes: [composition("What the token function's bundle consists of", own.metafile), ...notes],
  };
}

const about =
  'Each start is a process of its own with the environment that Lambda gives, in front of DynamoDB and KMS ' +
  'that answer from memory by plain HTTP on this computer: from the start of the process, Node included, ' +
  'to the first token, or until the authorizer is imported.';

const notes = [
  '`NodejsFunction` is the same code as the construct of the CDK bundles it by default: CommonJS, not ' +
    'minified, and without the SDK, which is that of the runtime (here: of `node_modules`). `+` adds one ' +
    'entry of `build/bundling.ts` to those above; with the last of them it is what is deployed. `Node alone` ' +
    'imports nothing. `the SDK alone` makes the one call of each service that no token is without, bundled ' +
    'with the same tricks: between it and what is deployed are two more reads, and all that is ours.',
  'Left out of the whole one at a time, in 50 starts, each trick is worth this much of the processor time: ' +
    'lazy builtins 20 %, no credential providers 12 %, no event streams 3 to 7 %, less of the clients 2 to ' +
    '3 %. Short names are worth 1 to 2 %, and 138 KB, without which the bundle is too large. ' +
    "Stand-ins for the SDK's configuration files (1 to 3 %, 8 KB) and its endpoint discovery (0 to 1 %, 8 " +
    'KB) imitated modules of the SDK, and are gone.',
  'The builtins that are read as CommonJS lend their properties through a prototype: 7 to 8 %, since the ' +
    'copy that esbuild makes of them loaded worker_threads and 14 more modules. A collector of bodies of our ' +
    'own gained 3 to 5 %, and lists of addresses and a resolver that are made at the first fetch some 5 %; ' +
    'these two make what `NodejsFunction` bundles quicker, too.',
  'To compile a bundle takes 0.04 ms a KB. Tried without gain: all builtins as CommonJS, sizes of the young ' +
    'generation and other flags of V8, split chunks, dynamic imports, one HTTP handler for both clients, no ' +
    'warm-up. A compile cache gains 9 ms, but is bound to the exact build of Node.',
  'The read of the key ring happens while the function starts. The rest of the first calls is not ' +
    'rehearsed there: it would cost a call of each service, and nothing until the first token is shorter.',
] as const;

const figures = {
  answered: { heading: 'ms', digits: 0 },
  cpu: { heading: 'CPU, ms', digits: 0 },
  size: { heading: 'KB', digits: 0 },
} as const;

const shown = { figures, against: byDefault };

/** @param asked the request to answer, in front of a stub of AWS; without one, only the import is measured */
function contestant(
  bundle: Bundle,
  environment: Readonly<Record<string, string>>,
  asked: { readonly aws: AwsStub; readonly tokenRequest?: object },
): Contestant<Figure> {
  const { name, file, kilobytes } = bundle;
  const all = { ...lambdaEnvironment(asked.aws.endpoint), ...environment, ...bundle.environment };
  return {
    name,
    async round() {
      const instance = startInstance(file, all);
      try {
        const { response, answered, cpu } = await instance.invoke(asked.tokenRequest);
        if (asked.tokenRequest && response.statusCode !== 200) throw new Error(response.body);
        return { answered, cpu, size: kilobytes };
      } finally {
        await instance.stop();
      }
    },
  };
}

function targets(token: Table<Figure>, authorizer: Table<Figure>): readonly Target[] {
  return [
    ratioTarget(token, {
      what: 'Process start to the first token, against the defaults of `NodejsFunction`',
      wanted: { atMost: 0.66 },
      row: us,
      figure: 'answered',
    }),
    {
      what: 'Bundle of the token function',
      wanted: { atMost: 275 },
      reached: spreadOf(token.measured, us, 'size'),
      unit: ' KB',
    },
    {
      what: 'Bundle of the authorizer of bearer tokens (the one for bound tokens has the SDK, too)',
      wanted: { atMost: 40 },
      reached: spreadOf(authorizer.measured, us, 'size'),
      unit: ' KB',
    },
  ];
}
