/** An examination was made and its findings are printed, and there are problems among them. */
export class ProblemsFound extends Error {
  override readonly name = 'ProblemsFound';
}
