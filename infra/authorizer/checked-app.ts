import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Findings } from './checks/findings.ts';

/** Has synthesis look through the whole app: it fails for each problem, and warns for each warning. */
export function checkApp(scope: IConstruct, look: () => Findings): void {
  scope.node.addValidation({
    validate() {
      const { problems, warnings } = look();
      for (const warning of warnings) {
        Annotations.of(scope).addWarningV2('countersign:open-path-variants', warning);
      }
      return [...problems];
    },
  });
}
