import { existsSync, globSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Preparation } from '../../deploy/emulator-run.ts';
import { copyOfModules } from '../snippets/terraform-copy.ts';
import { home, succeed, type Tool } from './tool.ts';

/** Terraform itself has to be installed; the provider comes from a mirror, or from its registry. */
export const terraform: Tool = {
  title: 'Terraform',
  install: async (preparation) => {
    const variables = await providerSource(preparation);
    const environment = { ...preparation.environment, ...variables };
    const folder = join(await copyOfModules(preparation.directory), 'http-api');
    preparation.print('Looking for Terraform and its AWS provider');
    const init = ['init', '-input=false', '-no-color'];
    await succeed({ ...preparation, environment }, 'terraform', init, folder);
    return variables;
  },
};

/** What tells Terraform where its provider is. */
async function providerSource({
  directory,
  environment,
}: Preparation): Promise<Readonly<Record<string, string>>> {
  const { TF_CLI_CONFIG_FILE } = environment;
  if (TF_CLI_CONFIG_FILE && existsSync(TF_CLI_CONFIG_FILE)) return { TF_CLI_CONFIG_FILE };
  // A folder of providers of the whole computer, with a folder for each registry.
  const [found] = globSync('/{opt,usr/share,usr/local/share}/*/*/hashicorp/aws');
  if (found !== undefined) return { TF_CLI_CONFIG_FILE: await configuration(directory, found) };
  const TF_PLUGIN_CACHE_DIR = join(home, 'terraform');
  await mkdir(TF_PLUGIN_CACHE_DIR, { recursive: true });
  return { TF_PLUGIN_CACHE_DIR };
}

async function configuration(directory: string, provider: string): Promise<string> {
  const file = join(directory, 'terraform.rc');
  const path = JSON.stringify(dirname(dirname(dirname(provider))));
  await writeFile(
    file,
    `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`,
  );
  return file;
}
