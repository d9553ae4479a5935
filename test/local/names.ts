/** Values of `Host`, with PORT for the port, that name this computer. */
export const ownNames = ['127.0.0.1:PORT', 'localhost:PORT', 'LocalHost:PORT', '[::1]:PORT'];

/** Those that a page may have by DNS or a slip, or that name this computer in another way. */
export const foreignNames = [
  'evil.example',
  'evil.example:PORT',
  'localhost.evil.example:PORT',
  '127.0.0.1.evil.example:PORT',
  '127.0.0.1:PORT.evil.example',
  '127.0.0.1:PORT@evil.example',
  'localhost.:PORT',
  'localhost:1',
  '127.0.0.1:0PORT',
  'localhost',
  '127.0.0.1',
  '0.0.0.0:PORT',
  '127.0.0.2:PORT',
  '127.1:PORT',
  '2130706433:PORT',
  '[::]:PORT',
  '[::ffff:127.0.0.1]:PORT',
  '[0:0:0:0:0:0:0:1]:PORT',
  '::1:PORT',
  '127.0.0.1:PORT, evil.example',
  ' ',
  '*',
];
