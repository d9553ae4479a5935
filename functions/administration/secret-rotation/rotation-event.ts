import * as v from 'valibot';

/** The steps of a rotation, in their order. */
export const rotationSteps = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof rotationSteps)[number];

const rotationEventSchema = v.object({
  Step: v.picklist(rotationSteps),
  SecretId: v.string(),
  ClientRequestToken: v.string(),
});

/** What Secrets Manager sends for one step of a rotation; `ClientRequestToken` is the id of the version. */
export type RotationEvent = v.InferOutput<typeof rotationEventSchema>;

/** Reads the event of a rotation; undefined: it is for somebody else. */
export function readRotationEvent(event: unknown): RotationEvent | undefined {
  const { success, output } = v.safeParse(rotationEventSchema, event);
  return success ? output : undefined;
}
