import { Option } from 'commander';

/** The option by which a command is given a client's secret, which it asks for otherwise. */
export const clientSecretOption = (): Option =>
  new Option(
    '--client-secret <secret>',
    'its secret; other users of this computer can see it while the command runs',
  ).env('COUNTERSIGN_CLIENT_SECRET');
