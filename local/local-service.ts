/** A service that answers AWS clients on this computer. */
export interface LocalService {
  readonly endpoint: string;
  close(): Promise<void>;
}
