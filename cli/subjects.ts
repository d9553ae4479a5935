import type { Command } from 'commander';
import type { CommandLine } from './command/command-context.ts';

/** Gives a command its options, subcommands and action. */
type Define = (command: Command, commandLine: CommandLine) => void;

/** What the first word behind `countersign` can be. */
interface Subject {
  readonly name: string;
  readonly description: string;
  /** Loads what the command is made of; nobody waits for that of another command. */
  readonly load: () => Promise<Define>;
}

/** All of the command line, in the order of the help. */
const subjects: readonly Subject[] = [
  {
    name: 'client',
    description: 'register clients and change them',
    load: async () => (await import('./client/commands.ts')).addClientCommands,
  },
  {
    name: 'resource',
    description: 'register resource servers: the APIs that tokens are for',
    load: async () => (await import('./resource/commands.ts')).addResourceCommands,
  },
  {
    name: 'apply',
    description: 'make clients and resource servers be as a file says; shows a diff first',
    load: async () => (await import('./apply/command.ts')).defineApply,
  },
  {
    name: 'export',
    description: 'write clients and resource servers as a file for apply, or a backup',
    load: async () => (await import('./export/command.ts')).defineExport,
  },
  {
    name: 'import',
    description: 'take over clients of Cognito, Auth0, Keycloak or Hydra, with their secrets',
    load: async () => (await import('./import/command.ts')).defineImport,
  },
  {
    name: 'key',
    description: 'show, rotate and revoke the signing keys',
    load: async () => (await import('./key/commands.ts')).addKeyCommands,
  },
  {
    name: 'revocation',
    description: 'show what is revoked: tokens, clients, resource servers, keys',
    load: async () => (await import('./revocation/commands.ts')).addRevocationCommands,
  },
  {
    name: 'history',
    description: 'show who changed clients, resource servers and keys, when and how',
    load: async () => (await import('./history/command.ts')).defineHistory,
  },
  {
    name: 'keypair',
    description: 'make a key pair for a client; prints the public JWK Set',
    load: async () => (await import('./client/keypair-command.ts')).defineKeypair,
  },
  {
    name: 'token',
    description: 'get an access token as a client does, and show it decoded; revoke one',
    load: async () => (await import('./token/command.ts')).defineToken,
  },
  {
    name: 'dpop-proof',
    description: 'make a DPoP proof for one request, as for curl',
    load: async () => (await import('./token/dpop-proof-command.ts')).defineDpopProof,
  },
  {
    name: 'doctor',
    description: 'check a deployment from outside, and say what to do about each finding',
    load: async () => (await import('./doctor/command.ts')).defineDoctor,
  },
  {
    name: 'adopt',
    description: 'prepare a registry table that is there already for a deployment',
    load: async () => (await import('./adopt/command.ts')).defineAdopt,
  },
  {
    name: 'cost',
    description: 'say what a month costs at list prices, line by line, beside Amazon Cognito',
    load: async () => (await import('./cost/command.ts')).defineCost,
  },
  {
    name: 'init',
    description: 'make a small CDK app, whose settings are in a file of yours',
    load: async () => (await import('./init/command.ts')).defineInit,
  },
  {
    name: 'template',
    description: 'write plain CloudFormation templates, with the files that they need',
    load: async () => (await import('./template/command.ts')).defineTemplate,
  },
  {
    name: 'completion',
    description: 'print a script by which a shell completes what you type',
    load: async () => (await import('./completion/command.ts')).defineCompletion,
  },
];

/**
 * Adds every subject, and defines those that may be meant: the ones whose name is among the words, and all
 * for a completion. The others are known by name and description, which is what help and suggestions need.
 */
export async function addSubjects(
  program: Command,
  commandLine: CommandLine,
  words: readonly string[],
): Promise<void> {
  const isForAll = words.includes('completion');
  for (const { name, description, load } of subjects) {
    const command = program.command(name).description(description);
    if (isForAll || words.includes(name)) (await load())(command, commandLine);
  }
}
