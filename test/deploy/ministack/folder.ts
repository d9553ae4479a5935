/**
 * Does work in a folder.
 * @param remedy what to do when the system refuses it
 * @throws Error that names the folder and says that
 */
export async function inFolder<Result>(
  folder: string,
  remedy: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`${folder} cannot be used (${code}): ${remedy}.`, { cause });
  }
}
