import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string>>;

/** Where the processes of a run may write, and where the project is. */
export interface Places {
  /** Their home and their folder for temporary files. */
  readonly directory: string;
  readonly project: string;
}

// Anything else could lead somewhere else: to an AWS account, through a proxy, to a saved state.
const kept = ['LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'TERM', 'NO_COLOR', 'FORCE_COLOR', 'CI'];

/** An environment that knows nothing of its user but the PATH, with this project's Node first. */
export function bareEnvironment(inherited: NodeJS.ProcessEnv, places: Places): Environment {
  const { directory, project } = places;
  const path = [join(project, 'node_modules/.bin'), inherited.PATH].filter(Boolean);
  return {
    ...Object.fromEntries(kept.flatMap((name) => entry(name, inherited[name]))),
    PATH: path.join(delimiter),
    HOME: directory,
    TMPDIR: directory,
  };
}

/** Settings of MiniStack: this computer only, nothing but its one port, no containers. */
export function ministackSettings(port: number, directory: string): Environment {
  return {
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    EDGE_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_REGION: region,
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
    STATE_DIR: join(directory, 'state'),
    S3_DATA_DIR: join(directory, 's3'),
    // It would remove every container of any MiniStack.
    DOCKER_HOST: `unix://${join(directory, 'no-docker')}`,
  };
}

/** The only region. */
export const region = 'us-east-1';

/** Credentials that are none: no account of AWS knows them. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** What leads AWS clients and the CDK to the emulator, as variables. */
export function clientSettings(endpoint: string): Environment {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

const entry = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];
