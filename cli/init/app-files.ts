import ownCdkJson from '../../cdk.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };

/** What the app is to depend on for this package, as package.json says it. */
export type Dependency = string;

/** By what the app gets this package. */
export interface Source {
  readonly dependency: Dependency;
  /** Absent: the one that npm asks there anyway. */
  readonly registry?: string | undefined;
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

// What this release was tested with. The CDK's command line has to read what its library writes, and what
// the registry calls its latest is older.
const { 'aws-cdk': cdk, 'aws-cdk-lib': library, constructs } = manifest.devDependencies;

const packageJson = (countersign: Dependency): string =>
  json({
    private: true,
    type: 'module',
    scripts: { synth: 'cdk synth --quiet', deploy: 'cdk deploy' },
    dependencies: { 'aws-cdk-lib': library, constructs, countersign },
    devDependencies: { 'aws-cdk': cdk },
    engines: manifest.engines,
  });

// The feature flags of this project's own app: the same template, and no complaint of the CDK about those left out.
const cdkJson = json({ app: 'node app.mjs', versionReporting: false, context: ownCdkJson.context });

const app = `// @ts-check
import { App } from 'aws-cdk-lib';
import { CountersignSettings, CountersignStack } from 'countersign';

const settings = CountersignSettings.fromFile('countersign.json');
new CountersignStack(new App(), 'Countersign', {
  description: 'Countersign: an OAuth 2.0 authorization server for machines',
  ...settings,
});
`;

const settings = json({ $schema: './node_modules/countersign/dist/countersign.schema.json' });

const gitignore = `node_modules/
cdk.out/
`;

const readme = `# An authorization server

An OAuth 2.0 authorization server for machines, made by \`countersign init\`. Its settings are in
\`countersign.json\`: choose \`issuer\` before others depend on it.

    npm install
    npx cdk bootstrap     # once for an account and Region
    npx cdk deploy        # after each change
    npm update            # a newer Countersign; then npx cdk deploy
`;

/** The files of a new app, by their names. */
export const appFiles = ({ dependency, registry }: Source): Readonly<Record<string, string>> => ({
  'package.json': packageJson(dependency),
  ...(registry !== undefined && { '.npmrc': `registry=${registry}\n` }),
  'cdk.json': cdkJson,
  'app.mjs': app,
  'countersign.json': settings,
  '.gitignore': gitignore,
  'README.md': readme,
});
