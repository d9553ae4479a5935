import type { ClientRecipe, VerifierRecipe } from '../running/recipe.ts';
import { java as toolchain } from '../toolchains/java.ts';

export const javaVerifiers: readonly VerifierRecipe[] = [
  {
    title: 'Spring Boot',
    library: 'spring-boot-starter-parent',
    toolchain,
    files: ['ResourceServerConfiguration.java'],
    drivers: ['Application.java'],
    serves: true,
    knows: ['RS256', 'PS256', 'ES256', 'ES384'],
  },
  {
    title: 'Nimbus',
    library: 'nimbus-jose-jwt',
    toolchain,
    files: ['NimbusVerifier.java'],
    drivers: ['VerifyNimbus.java'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384'],
  },
  {
    title: "Kafka's broker",
    library: 'kafka-clients',
    toolchain,
    files: ['kafka-broker.properties', 'AccessTokenValidator.java'],
    drivers: ['VerifyKafka.java', 'KafkaSettings.java'],
    knows: ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'],
  },
];

const spring = {
  title: 'Spring Boot as a client',
  library: 'spring-boot-starter-parent',
  toolchain,
} as const;
const kafka = {
  title: "Kafka's Java client",
  library: 'kafka-clients',
  toolchain,
  drivers: ['GetKafka.java', 'KafkaSettings.java'],
} as const;

export const javaClients: readonly ClientRecipe[] = [
  {
    ...spring,
    files: ['SpringClient.java'],
    methods: {
      client_secret_basic: {},
      client_secret_post: { CLIENT_SECRET_BASIC: 'CLIENT_SECRET_POST' },
    },
  },
  { ...spring, files: ['SpringKeyClient.java'], methods: { private_key_jwt: {} } },
  { ...kafka, files: ['kafka-client.properties'], methods: { client_secret_basic: {} } },
  { ...kafka, files: ['kafka-client-key.properties'], methods: { private_key_jwt: {} } },
];
