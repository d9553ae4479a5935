/** Rules that nobody can see from outside, and why. Each has tests in test/. */
export const notVisible: Readonly<Record<string, string>> = {
  A24: 'the stores would have to be in trouble',
  I07: 'a token would have to be kept until it has expired',
  I13: 'how soon an API hears of a revocation is for its operator to say',
  I14: 'the JWK Set would have to be in trouble',
  I15: 'only the API sees what the authorizer tells it',
  I16: 'which policy covers which routes only the owner of a REST API knows',
};
