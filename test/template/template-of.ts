import type { OwnerSettings } from '../../infra/template/setting-parameters.ts';
import { type NamedTemplate, templates } from '../../infra/template/templates.ts';
import type { Template } from './with-defaults.ts';

/** Makes the templates, with files that are named for their constructs. */
export const madeOf = (settings: OwnerSettings): readonly NamedTemplate[] =>
  templates({
    settings,
    version: '0.0.0',
    addAsset: ({ displayName = '' }) => `${displayName.replaceAll('/', '-')}.zip`,
  });

/** Makes one of the templates. */
export function templateOf(name: string, settings: OwnerSettings = {}): Template {
  const found = madeOf(settings).find((one) => one.name === name);
  if (!found) throw new Error(`there is no template ${name}`);
  return found.template as Template;
}
