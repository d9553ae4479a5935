declare module 'simple-oauth2' {
  interface Configuration {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: { readonly tokenHost: string; readonly tokenPath: string };
    readonly options?: { readonly authorizationMethod?: 'header' | 'body' };
  }
  export class ClientCredentials {
    constructor(configuration: Configuration);
    getToken(parameters: {
      readonly scope?: string;
      readonly audience?: string;
    }): Promise<{ readonly token: Readonly<Record<string, unknown>>; expired(): boolean }>;
  }
}
