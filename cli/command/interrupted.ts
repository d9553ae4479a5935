/** A signal ended a command, and what it had registered is deleted again. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
