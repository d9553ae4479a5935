import { run } from './running.ts';

// What tells it where its provider is; the command that starts the tests says so.
const { TF_CLI_CONFIG_FILE, TF_PLUGIN_CACHE_DIR } = process.env;

/** Runs Terraform in a folder, and gives what it printed. */
export const runTerraform = (parameters: readonly string[], folder: string): Promise<string> =>
  run('terraform', parameters, {
    folder,
    variables: {
      ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
      ...(TF_PLUGIN_CACHE_DIR && { TF_PLUGIN_CACHE_DIR }),
      CHECKPOINT_DISABLE: '1',
    },
  });
