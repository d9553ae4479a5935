import type { Breakage } from './broken-deployment.ts';
import { metadata } from './document-breakage.ts';

/** Announces everything that the suite has no cases for. */
export const announcements: Breakage = metadata({
  authorization_details_types_supported: ['pay'],
  client_id_metadata_document_supported: true,
  grant_types_supported: (types: string[]) => [
    ...types,
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ],
  registration_endpoint: 'https://as.example/register',
});
