import { pathToFileURL } from 'node:url';

/** What an instance is asked. */
export interface Asked {
  /** Undefined: only whether the bundle is imported. */
  readonly event: object | undefined;
  /** Variables to set; those that are undefined are removed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What it tells. */
export type Told =
  | { readonly failed: string }
  | {
      readonly response: unknown;
      /** Milliseconds since the process started until the bundle was imported, and until this answer. */
      readonly imported: number;
      readonly answered: number;
      /** Milliseconds of processor time that the process has used so far. */
      readonly cpu: number;
      readonly hasUndici: boolean;
    };

// Runs as a process of its own, which imports a bundle and then invokes it as it is told.

const bundle = process.argv.at(-1) ?? '';
const loaded = import(pathToFileURL(bundle).href).then(({ handler }) => ({
  handler,
  imported: performance.now(),
}));

// Told at the first invocation, as Lambda does.
loaded.catch(() => undefined);

process.on('message', (asked: Asked) => {
  void invoke(asked)
    .catch((error: unknown): Told => ({ failed: String(error) }))
    .then((told) => process.send?.(told));
});

async function invoke({ event, environment }: Asked): Promise<Told> {
  const { handler, imported } = await loaded;
  for (const [name, value] of Object.entries(environment)) change(name, value);
  const response = event && (await handler(event));
  const answered = performance.now();
  const { user, system } = process.cpuUsage();
  return { response, imported, answered, cpu: (user + system) / 1000, hasUndici: hasUndici() };
}

function change(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

/** Whether Node has loaded the module behind its fetch and WebSocket. */
const hasUndici = (): boolean =>
  Reflect.get(process, 'moduleLoadList').includes('NativeModule internal/deps/undici/undici');
