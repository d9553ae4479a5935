import { globSync } from 'node:fs';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attach } from './folder.ts';

// The modules take whatever is newer; what is tested is one version.
const pin = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}
`;

/** A copy of the modules and their examples, in which Terraform may write, with one version of the provider. */
export async function copyOfModules(directory: string): Promise<string> {
  const copy = await mkdtemp(join(directory, 'terraform-'));
  await cp(join(attach, 'terraform'), copy, { recursive: true });
  const files = globSync('{*,examples/*}/main.tf', { cwd: copy });
  for (const file of files) await writeFile(join(copy, file, '../pin_override.tf'), pin);
  return copy;
}
