import { join } from 'node:path';
import * as v from 'valibot';
import { matchesClientSecret } from '../../functions/oauth/client-secret.ts';
import type { Scope } from '../../functions/oauth/scope.ts';
import { newSecret, withSecret } from '../../registry/client-secrets.ts';
import { changeClient, createClient, listClients } from '../../registry/clients.ts';
import type { Registry } from '../../registry/registry.ts';
import { readJsonFile, writeJsonFile } from '../io/json-file.ts';

const demoClientFile = v.object({
  client_id: v.string(),
  client_secret: v.string(),
  /** The resource server that it has its grant at. */
  resource: v.string(),
});

/** The demo client as `demo-client.json` keeps it, so that every start can print its secret. */
export type DemoClient = Readonly<v.InferOutput<typeof demoClientFile>>;

const client_id = 'demo';
const pathIn = (directory: string) => join(directory, 'demo-client.json');

/** Reads the demo client of an earlier start; undefined when the file cannot be used. */
export async function readDemoClient(directory: string): Promise<DemoClient | undefined> {
  return readJsonFile(pathIn(directory), demoClientFile).catch(() => undefined);
}

/**
 * Makes sure that there is a demo client with a grant at the resource server, and that its file has
 * one of its secrets. Only what is missing is added.
 */
export async function ensureDemoClient(
  registry: Registry,
  directory: string,
  grant: { readonly resource: string; readonly scope: Scope },
): Promise<DemoClient> {
  const stored = await readDemoClient(directory);
  const client_secret = await ensureSecret(registry, grant, stored);
  const demoClient = { client_id, client_secret, resource: grant.resource };
  await writeJsonFile(pathIn(directory), demoClient);
  return demoClient;
}

async function ensureSecret(
  registry: Registry,
  { resource, scope }: { readonly resource: string; readonly scope: Scope },
  stored: DemoClient | undefined,
): Promise<string> {
  const known = stored?.client_secret ?? '';
  const clients = await listClients(registry);
  const client = clients.find((candidate) => candidate.client_id === client_id);
  if (!client) {
    const grants = new Map([[resource, scope]]);
    const registration = { client_id, client_name: 'Demo client', grants };
    return (await createClient(registry, registration)).client_secret;
  }
  if (!client.grants.has(resource)) {
    await changeClient(registry, client_id, (before) => {
      // The demo API has another URL now: the grant at the old one goes, all others stay.
      const others = [...before.grants].filter(([granted]) => granted !== stored?.resource);
      return { ...before, grants: new Map([...others, [resource, scope]]) };
    });
  }
  if (client.secrets.some(({ hash }) => matchesClientSecret(known, hash))) return known;
  const { client_secret, ...secret } = newSecret(registry.now());
  await changeClient(registry, client_id, (before) => withSecret(before, secret, registry.now()));
  return client_secret;
}
