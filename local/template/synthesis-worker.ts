import { parentPort, workerData } from 'node:worker_threads';
import { createApp } from '../../infra/app/countersign-app.ts';
import type { StackTemplate } from './stack-template.ts';

// Synthesizes the CDK app in a thread of its own: it blocks the event loop for seconds, and what the
// CDK prints belongs in the log.

const assembly = createApp(workerData).synth();
const stacks = assembly.stacksRecursively.map(
  ({ stackName, template, assembly: { directory } }): StackTemplate => ({
    name: stackName,
    directory,
    resources: template.Resources,
    outputs: template.Outputs ?? {},
  }),
);
parentPort?.postMessage(stacks);
