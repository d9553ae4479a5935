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
  /** The issuer's port for HTTPS; 0: a free one. */
  readonly tlsPort: number;
  /** The demo API's port for HTTPS; 0: a free one. */
  readonly apiTlsPort: number;
  /** The issuer's port for clients with a certificate; 0: a free one. */
  readonly mtlsPort: number;
  /** The demo API's port for clients with a certificate; 0: a free one. */
  readonly apiMtlsPort: number;
  /**
   * The issuer, which leads to one of its ports, as `https://localhost:3443` does, or a name of this
   * computer, or a proxy, as in AWS a custom domain.
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
  /** The same by HTTPS. */
  readonly tlsUrl: string;
  /** The URL of the demo API by HTTPS. */
  readonly tlsApi: string;
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
