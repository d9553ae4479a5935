import { parentPort, workerData } from 'node:worker_threads';
import { createApp } from '../../infra/app/countersign-app.ts';
import { keptSettings } from '../../infra/app/kept-settings.ts';
import { ConfigurationError } from '../../infra/settings/configuration-error.ts';
import type { StackTemplate } from './stack-template.ts';
import type { Synthesized } from './synthesis.ts';

// Synthesizes the CDK app in a thread of its own: it blocks the event loop for seconds, and what the
// CDK prints belongs in the log.

parentPort?.postMessage(synthesized());

function synthesized(): Synthesized {
  try {
    const stacks = createApp({ ...workerData, settings: keptSettings() })
      .synth()
      .stacksRecursively.map(
        ({ stackName, template, assembly: { directory } }): StackTemplate => ({
          name: stackName,
          directory,
          resources: template.Resources,
          outputs: template.Outputs ?? {},
        }),
      );
    return { stacks };
  } catch (error) {
    // The class of an error does not get from one thread to another.
    if (error instanceof ConfigurationError) return { wrong: error.message };
    throw error;
  }
}
