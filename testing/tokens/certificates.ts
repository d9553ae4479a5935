/**
 * A client's certificate for tests, in PEM, valid from 2020 to 2120. It signed itself, and nobody has kept its
 * key: to an API, API Gateway has checked the connection, and tells the certificate alone.
 */
export const testCertificate = `-----BEGIN CERTIFICATE-----
MIIBYTCCAQegAwIBAgIDCgH/MAoGCCqGSM49BAMCMC8xHDAaBgNVBAoTE0NvdW50
ZXJzaWduIHRlc3RpbmcxDzANBgNVBAMTBmNsaWVudDAgFw0yMDAxMDEwMDAwMDBa
GA8yMTIwMDEwMjAwMDAwMFowLzEcMBoGA1UEChMTQ291bnRlcnNpZ24gdGVzdGlu
ZzEPMA0GA1UEAxMGY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3ycS
egY1WvX84VNmYlZUKkyy2whbWmf9tJIFyOT92c4vrrJKZV/GY2bInrT1aE5I6pEF
BggZXjUJHgAEFWineqMQMA4wDAYDVR0TAQH/BAIwADAKBggqhkjOPQQDAgNIADBF
AiArksywzp049lhzVUK1/xltVBUzxyuINTu40kWw9FAc+wIhAMotW8cQnoL6koBs
c3F9ZyNF6Yc3QDf5c56iqXaEiJIN
-----END CERTIFICATE-----
`;

/** Another one, for a request that shows the wrong one. */
export const otherTestCertificate = `-----BEGIN CERTIFICATE-----
MIIBbjCCAROgAwIBAgIDCgH/MAoGCCqGSM49BAMCMDUxHDAaBgNVBAoTE0NvdW50
ZXJzaWduIHRlc3RpbmcxFTATBgNVBAMTDG90aGVyIGNsaWVudDAgFw0yMDAxMDEw
MDAwMDBaGA8yMTIwMDEwMjAwMDAwMFowNTEcMBoGA1UEChMTQ291bnRlcnNpZ24g
dGVzdGluZzEVMBMGA1UEAxMMb3RoZXIgY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZI
zj0DAQcDQgAEmCD3Lfig+jQldZ5yRMLCdmtKlV7+MBTkiPUOt4jaL08fd36wmSod
PYnLxYujgueRItgkO35eA/wJRhLvsI8Ym6MQMA4wDAYDVR0TAQH/BAIwADAKBggq
hkjOPQQDAgNJADBGAiEA+cz/n2sw6nUCVX1YRvs1lGsinatFzD2sMEmm7yDDrSAC
IQDNVY7FjbQLv8UXQQ/MBhiP17WbJRCerTbjfzEQbCtPRA==
-----END CERTIFICATE-----
`;
