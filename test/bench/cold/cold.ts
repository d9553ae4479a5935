import type { AuthorizerEnvironment } from '../../../functions/authorizer/environment.ts';
import { api, issuer } from '../../support/a-client.ts';
import { tokenEnvironment, tokenRequest } from '../../support/a-token-function.ts';
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts';
import { lambdaEnvironment, startInstance } from '../../support/lambda-instance.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { type Report, ratioTarget, type Table, type Target } from '../report/report.ts';
import { type Contestant, inTurn, type Plan, spreadOf } from '../report/rounds.ts';
import { type Bundle, deployed, nodejsFunctions, onTheWay } from './bundles.ts';
import { composition } from './composition.ts';

type Figure = 'answered' | 'cpu' | 'size';

const [us, byDefault] = ['Countersign', 'NodejsFunction'];

const authorizerEnvironment = {
  ISSUER: issuer,
  AUDIENCE: api,
  ALGORITHMS: 'RS256',
  ROUTES: '{"$default":[]}',
  RESOURCE_METADATA: 'none',
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
    'entry of `build/bundling.ts` to those above; with the last of them it is what is deployed.',
  'Three quarters of the bundle of the token function are the SDK, of which its own packages leave no more ' +
    'out: each client brings all errors that its service defines. To take them out of the finished bundle ' +
    'was tried: it saves 24 KB, at the price of an edit of generated code. Without its own SHA-256 and the ' +
    'manifests of its packages, 8 KB more: then 230 KB are just reached.',
  'What is left of a start is Node itself, the compilation of the bundle, and the first call of each client.',
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
      wanted: { atMost: 0.7 },
      row: us,
      figure: 'answered',
    }),
    {
      what: 'Bundle of the token function',
      wanted: { atMost: 230 },
      reached: spreadOf(token.measured, us, 'size'),
      unit: ' KB',
    },
    {
      what: 'Bundle of the authorizer of bearer tokens (the one for bound tokens has the SDK, too)',
      wanted: { atMost: 60 },
      reached: spreadOf(authorizer.measured, us, 'size'),
      unit: ' KB',
    },
  ];
}
