import { reason } from '../oauth/audit.ts';
import { type AskHook, heardOf } from './hearing.ts';
import { runHook } from './run-hook.ts';

/**
 * Loads the hook of a deployment. One that cannot be loaded fails each time that it is asked: then there are no tokens.
 * @param file in this folder
 * @param timeout milliseconds
 */
export async function loadHook(file: string, timeout: number): Promise<AskHook> {
  try {
    const { default: hook } = await import(String(new URL(file, import.meta.url)));
    if (typeof hook !== 'function') throw new Error('its default export is no function');
    return (hearing) => runHook(hook, heardOf(hearing), timeout);
  } catch (error) {
    const failed = `the claims hook cannot be loaded: ${reason(error)}`;
    return async () => ({ failed });
  }
}
