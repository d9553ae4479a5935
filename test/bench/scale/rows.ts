/** What a contestant is called that has so many clients registered. */
export const clientsRow = (clients: number, remembered: boolean): string =>
  `${count(clients, 'client')}${remembered ? ', remembered' : ''}`;

/** What a contestant is called that has so many connections. */
export const connectionsRow = (connections: number): string => count(connections, 'connection');

const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
