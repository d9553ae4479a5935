import type { Command } from 'commander';
import { parseClientId } from '../../registry/rules.ts';
import { clientSecretOption } from '../command/client-secret-option.ts';
import type { CommandLine } from '../command/command-context.ts';
import { apiListValue, issuerText, listedStack, respiteValue } from './option-values.ts';

/** Defines `countersign doctor`. */
export function defineDoctor(command: Command, commandLine: CommandLine): void {
  command
    .option('--issuer <url>', 'check this issuer, without a look for a deployment', issuerText)
    .option('--api <url>', 'check this guarded route of an API too; repeatable', apiListValue)
    .option('--api-stack <name>', 'look at the authorizers of this stack; repeatable', listedStack)
    .option('--client-id <id>', 'get a token with this client', parseClientId)
    .addOption(clientSecretOption())
    .option('--resource <uri>', 'get a token for this resource server')
    .option(
      '--refuse-revoked-within <seconds>',
      'see whether the APIs refuse a revoked token within this time',
      respiteValue,
    )
    .addHelpText('after', doctorExamples)
    .action(async () => {
      const { diagnose } = await import('./diagnosis.ts');
      await diagnose(commandLine, command);
    });
}

const doctorExamples = `
Without --client-id a client is registered for the examination, at the default resource server or
that of --resource, and deleted again. With --issuer nothing is known but what it answers: name a
client, whose secret is asked for or read from standard input unless COUNTERSIGN_CLIENT_SECRET has it.
A token of the client that was registered for it is revoked, and looked for in the list of what is revoked
and, with --refuse-revoked-within, at each API. One of a named client is not: others may have the same.
Exit codes: 0 no problems, though there may be warnings and what is not checked; 1 problems, among
them a check that fails or does not come to an end; 2 wrong usage; 130 interrupted.

Examples:
  $ countersign doctor --local
  $ countersign doctor --stack Countersign --api https://api.example.com/orders --api-stack Orders
  $ countersign doctor --local --refuse-revoked-within 10
  $ countersign doctor --issuer https://auth.example.com --client-id s6BhdRkqt3 < secret.txt`;
