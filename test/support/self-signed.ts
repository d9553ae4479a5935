/**
 * A certificate for 127.0.0.1 and localhost that no authority signed, with its key, for tests that
 * see to it that nobody trusts it. Made with `openssl ca -selfsign`, valid from 2020 to 2120. It
 * guards nothing, and the key is public.
 */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9zC72StO9oIZoiQf
edTspDqRPAwBA9blwYkDqs8UwDKhRANCAAS0PmzKzt6uR6Vju3stwvBYBA+4ED7L
FaNqu+jRLR/U4n3GWvpJYQZE08Cy7wyJww1xmSuAUVLI82B4qTFLOqct
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBqzCCAVGgAwIBAgIUcO4+mIPNz6jfdeZk9/tE3Zk35BwwCgYIKoZIzj0EAwIw
LjEsMCoGA1UEAwwjY291bnRlcnNpZ24gdGVzdCwgdHJ1c3RlZCBieSBub2JvZHkw
IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMC4xLDAqBgNVBAMMI2Nv
dW50ZXJzaWduIHRlc3QsIHRydXN0ZWQgYnkgbm9ib2R5MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEtD5sys7erkelY7t7LcLwWAQPuBA+yxWjarvo0S0f1OJ9xlr6
SWEGRNPAsu8MicMNcZkrgFFSyPNgeKkxSzqnLaNLMEkwDAYDVR0TAQH/BAIwADAa
BgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwHQYDVR0OBBYEFOrCAueMJQjobm5l
hL2vgKre7f8/MAoGCCqGSM49BAMCA0gAMEUCIQCormL4zHuzdmfso66Mb9BmOHEx
K1YxXBwTwC7JSEiV8AIgCy0p+p7KLJDLJtPPyQ3TF9LxuVDTD+FNabjeOmCRMDg=
-----END CERTIFICATE-----
`,
};
