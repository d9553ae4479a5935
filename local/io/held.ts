/** Something that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** What has been started so far. */
export interface Held {
  /** Remembers a thing, and gives it back. */
  add<Thing extends Closable>(thing: Thing): Thing;
  /** Closes everything, the last first; a second call finds nothing left to do. */
  release(): Promise<void>;
}

/** Starts with nothing held. */
export function hold(): Held {
  const things: Closable[] = [];
  return {
    add: (thing) => {
      things.push(thing);
      return thing;
    },
    release: async () => {
      for (const thing of things.splice(0).toReversed()) await thing.close();
    },
  };
}
