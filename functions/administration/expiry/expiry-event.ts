/** What the schedule sends. */
export const expiryEvent = { command: 'count-expiring' } as const;
