import type { LocalAccount } from './account/local-account.ts';
import type { DemoClient } from './demo/demo-client.ts';
import type { LocalStackFile } from './state/local-stack-file.ts';
import type { TlsFiles } from './tls/tls-files.ts';

/** How a local stack is started. */
export interface LocalStackOptions {
  /** Where its state is kept. */
  readonly directory: string;
  /** The issuer's port; 0: a free one. */
  readonly port: number;
  /** The demo API's port; 0: a free one. */
  readonly apiPort: number;
  /** The port for clients with a certificate; 0: a free one. */
  readonly tlsPort: number;
  /** The demo API's port for clients with a certificate; 0: a free one. */
  readonly apiTlsPort: number;
  /**
   * The issuer, where a proxy stands in front of `url`, as in AWS behind a custom domain.
   * @default the URL of its own port
   */
  readonly issuer?: string | undefined;
  /** Settings beside those of cdk.json, as `cdk -c name=value` would give them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Deletes what the directory holds before anything is started. */
  readonly fresh?: boolean;
  /** Takes what functions and gateways log, line by line, beside the log file. */
  readonly log?: (line: string) => void;
  /** Takes a few words on each step of the start. */
  readonly progress?: (step: string) => void;
}

/** A running local stack. */
export interface LocalStack extends LocalStackFile {
  /** Where the authorization server itself answers. */
  readonly url: string;
  readonly directory: string;
  /** Settings of an AWS client that its services answer. */
  readonly account: LocalAccount;
  readonly logFile: string;
  readonly demoClient: DemoClient;
  /** The throw-away authority with its key, a client certificate to try things with, and so on. */
  readonly tls: TlsFiles;
  /** Stops everything that was started. */
  stop(): Promise<void>;
}
