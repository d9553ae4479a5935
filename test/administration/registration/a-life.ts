/** When somebody dies: at the write of this number, before it is done or after. */
export interface Death {
  readonly at: number;
  readonly isDone: boolean;
}

/** What is alive until it dies at a write; from then on everything it tries fails. */
export interface Life {
  readonly isOver: boolean;
  /** @throws Error when it is over */
  check(): void;
  /** The same object, some of whose methods are writes. */
  of<Target extends object>(target: Target, writes: readonly (keyof Target & string)[]): Target;
}

/** Begins a life. */
export function aLife(death?: Death): Life {
  let writes = 0;
  let isOver = false;
  const check = () => {
    if (isOver) throw new Error('died');
  };
  const write = async (act: () => unknown): Promise<unknown> => {
    writes += 1;
    if (death?.at !== writes) return act();
    isOver = true;
    if (death.isDone) await act();
    throw new Error('died');
  };
  return {
    get isOver() {
      return isOver;
    },
    check,
    of: (target, names) =>
      new Proxy(target, {
        get(of, name) {
          const member: unknown = Reflect.get(of, name);
          if (typeof member !== 'function') return member;
          const isWrite = names.some((one) => one === name);
          return (...given: unknown[]) => {
            if (isOver) return Promise.reject(new Error('died'));
            const act = () => member.apply(of, given);
            return isWrite ? write(act) : act();
          };
        },
      }),
  };
}
