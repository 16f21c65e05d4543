import { stages } from '../../../core/diagnosis.js';
import {
  all,
  any,
  errorIs,
  fact,
  mentions,
  not,
  rulesWith,
  says,
  stageIs,
  statusIs,
  told,
} from './rule.js';

/** A person's words for a failure of everybody's, which no change of their own explains. */
export const outage =
  /worked (fine |well )?(yesterday|until|till|before|this morning|an hour)|others? (also )?(report|have|see|get)|same (error|problem|issue)s? (today|for others|elsewhere)|since (today|yesterday|this morning|last night)|outage|for everybody|\beveryone\b|all users|status page/i;

const interceptors = /zscaler|netskope|intercept|inspection|corporate|company|antivirus/i;

/** A host name that could not be looked up and is none of Google's. */
const strangeHost =
  /(ENOTFOUND|EAI_AGAIN|Could not resolve (host|proxy):?|Name or service not known:?|no such host:?|getaddrinfo failed for|(?<!to )lookup)\s{1,4}['"]?(?!\S{0,80}google)([\w.-]{1,60})/i;

/** An image without the package of certificate authorities. */
const bareImage = /\balpine\b|\bFROM scratch\b|\bscratch image|distroless|busybox|\bslim\b/i;

/** The name of a host was not found. */
export const lookupFailed =
  /ENOTFOUND|EAI_AGAIN|no such host|could not resolve|name resolution|Name or service not known|getaddrinfo failed|failed to (resolve|lookup)|UnknownHostException|Unable to (find the server|resolve host)|\blookup [\w.-]{3,60} on \S{3,40} |server misbehaving|nodename nor servname|No address associated|name could not be resolved|Name does not resolve/i;

/** A certificate is judged by the clock, or by an authority whose own certificate has run out. */
export const certificateTime =
  /certificate has expired|CERT_HAS_EXPIRED|not yet valid|CERT_NOT_YET_VALID|certificate expired/i;

/** Plain text came where TLS was expected. */
const wrongProtocol =
  /wrong[_ ]version[_ ]number|(SERVER_HELLO|SSL|EPROTO)[^;]{0,60}unknown protocol/i;

/** The addresses and words of containers and hosting providers, and addresses of IPv6. */
const cutOff =
  /\b127\.0\.0\.11\b|\b172\.1[7-9]\.0\.\d{1,3}\b|docker|container|容器|kubernetes|\bk8s\b|\bpods?\b|compose\b|podman|self-hosted|shared host|\bIPv6\b|hosting provider|\b2[0-9a-f]{3}:[0-9a-f]{1,4}:[0-9a-f:]{2,40}/i;

const loopback = /\b127\.\d{1,20}\.\d{1,20}\.\d{1,20}\b|\blocalhost\b|(?<![\w:])\[?::1\b/i;

/** An export that is too large gives the same answer. */
const atApi = all(stageIs('drive', 'an API was called'), not(told(/\bexport/i)));

/** What stands between this machine and Google. */
export const networkRules = rulesWith(
  {
    docs: 'https://curl.se/docs/manpage.html#ENVIRONMENT',
    stages: ['exchange', 'refresh', 'drive', 'verify', 'revoke'],
  },
  [
    {
      cause: 'proxy-not-used',
      why: 'The network requires a proxy that the program does not use, so it cannot reach Google’s hosts.',
      fix: 'Set HTTPS_PROXY (and NO_PROXY) for the process, or have the network allow oauth2.googleapis.com and www.googleapis.com. A browser’s proxy or VPN does not cover other programs.',
      speaksFor: [
        all(
          mentions(
            /Error fetching public keys|ETIMEDOUT|ESOCKETTIMEDOUT|timed out|connect[_ ]?timeout|i\/o timeout|execution expired|OpenTimeout|connection attempt failed|connectex|Unable to connect to the remote server|EHOSTUNREACH|ENETUNREACH|ECONNREFUSED|network is unreachable|no route to host|cURL error (7|28)\b|failed to establish a new connection|Max retries exceeded/i,
          ),
          not(mentions(cutOff)),
          not(says(lookupFailed)),
        ),
        told(
          // Not a reverse proxy, nor a program that is called one.
          /(?<!reverse |[-\w])prox(y|ies)\b|https?_proxy|corporate|company network|firewall|VPN|intranet|behind a|office network|air-?gapped|egress|\b(in|from) china\b|shadowsocks|v2ray|\bclash\b/i,
        ),
      ],
      fits: [
        // A connection breaks for many reasons.
        mentions(/ECONNRESET|connection reset|time-?out|socket hang up|premature close/i),
      ],
      rulesOut: [
        says(/407|SSLError|self[- ]signed|(?<!verification )certificate|malformed|invalid proxy/i),
        // There is no network between this machine and itself.
        fact(
          ({ observed, notes }) =>
            loopback.test(observed) &&
            !/google/i.test(observed) &&
            !/proxy/i.test(notes) &&
            'loopback',
        ),
      ],
      alike: [
        {
          cause: 'container-network-blocked',
          check: 'It runs in a container or at a hosting provider.',
        },
        { cause: 'google-fault', check: 'It fails now and then, and a retry succeeds.' },
      ],
    },
    {
      cause: 'container-network-blocked',
      why: 'The container or the hosting blocks outgoing connections, or names cannot be resolved there, although it works elsewhere.',
      fix: [
        'Try curl https://oauth2.googleapis.com inside it. Give it DNS and a network (docker run --dns, --network host), or open its egress policy.',
        'If only IPv6 addresses fail, turn IPv6 off or prefer IPv4. Ask a hosting provider to allow outgoing HTTPS.',
      ],
      docs: 'https://docs.docker.com/engine/network/',
      speaksFor: all(
        says(
          lookupFailed,
          /error sending request|client error \(Connect\)|tcp connect error|dial tcp|ETIMEDOUT|ECONNREFUSED|ENETUNREACH|timed? ?out|unreachable|failed to establish|cURL error (6|7|28)\b/i,
        ),
        mentions(cutOff),
      ),
      alike: [
        { cause: 'proxy-not-used', check: 'The host itself needs a proxy: env | grep -i proxy.' },
      ],
    },
    {
      cause: 'proxy-refused',
      why: 'The proxy itself responded and refused to open a connection to Google.',
      fix: 'Check the proxy’s user and password, and make sure that it allows oauth2.googleapis.com, www.googleapis.com and accounts.google.com on port 443.',
      proves: says(
        /tunneling socket could not be established|unable to tunnel through|CONNECT tunnel failed|proxy tunnel request|\b407\b|Proxy Authentication Required|HTTP code 4\d\d from proxy|Tunnel connection failed: ?\d|(unable|cannot|failed) to connect to (the )?proxy|proxy (server )?(refused|rejected|denied)|ERR_(TUNNEL_CONNECTION_FAILED|PROXY_CONNECTION_FAILED)/i,
      ),
    },
    {
      cause: 'proxy-setting-malformed',
      why: 'The proxy setting is malformed, so part of it is used as a host name.',
      fix: 'Write it in HTTPS_PROXY as http://host:port, also for https requests (percent-encode special characters in a password), and unset the other proxy variables.',
      proves: says(
        /cannot parse value of '?https?_proxy|https?_proxy'? env|proxyconnect|first path segment in URL/i,
      ),
      speaksFor: [
        // A proxy that is written with https:// answers in plain text.
        says(wrongProtocol),
        fact(
          ({ observed }) =>
            strangeHost.test(observed) && 'the host name that cannot be resolved is not Google’s',
        ),
      ],
      fits: told(/proxy|http_proxy|https_proxy|not a google host/i),
    },
    {
      cause: 'tls-interception',
      why: 'A proxy replaces TLS certificates with ones from an authority that the program does not trust.',
      fix: 'Make the program trust that authority: NODE_EXTRA_CA_CERTS (Node), REQUESTS_CA_BUNDLE and HTTPLIB2_CA_CERTS (Python), the system’s store (Go, Java). Never disable verification.',
      docs: 'https://nodejs.org/api/cli.html#node_extra_ca_certsfile',
      stages: ['exchange', 'refresh', 'drive', 'verify', 'revoke', 'signin-config'],
      proves: says(
        /self[- ]?signed certificate|SELF_SIGNED_CERT|DEPTH_ZERO|unable to verify the first certificate/i,
      ),
      rulesOut: [
        says(certificateTime, wrongProtocol),
        all(
          any(
            says(/curl error (60|77)|cacert\.pem|certificate (verify|file) locations/i),
            told(bareImage),
          ),
          not(told(interceptors)),
        ),
      ],
      speaksFor: [
        says(
          /unable[ _]to[ _](get|verify)[^.;]{0,30}(issuer|certificate|leaf)|remote certificate is invalid|SSL connection could not be established|UnknownIssuer|CERTIFICATE_VERIFY_FAILED|certificate (signed by|verify)|SSL certificate (problem|verif)|PKIX path|unknown (certificate )?authority|x509:|CERT_UNTRUSTED|certificate is not trusted|HandshakeException|SSLHandshake|\bSSLError\b/i,
        ),
        told(
          /zscaler|netskope|fortinet|TLS inspection|SSL inspection|intercept|man[- ]in[- ]the[- ]middle|mitm|antivirus|corporate (ca|certificate|proxy)|custom ca/i,
          interceptors,
        ),
      ],
      alike: [{ cause: 'ca-bundle-missing', check: 'The image is small, or the system is old.' }],
    },
    {
      cause: 'ca-bundle-missing',
      why: 'The program has no list of certificate authorities, or cannot find it, so it trusts no certificate.',
      fix: 'Install the package ca-certificates (also in a container), or set its path: SSL_CERT_FILE; for PHP, curl.cainfo and openssl.cafile.',
      docs: 'https://curl.se/docs/sslcerts.html',
      stages: ['exchange', 'refresh', 'drive', 'verify', 'revoke'],
      proves: says(
        /unable to get local issuer certificate[^.;]{0,20}\b(20|curl)|cURL error (60|77)|error setting certificate (verify|file)|(no|cannot find|could not find|can't find)[^.;]{0,20}(ca[- ]?(bundle|certificates?|file)|root certificates)|cacert\.pem|trustAnchors parameter must be non-empty|x509: failed to load system roots/i,
      ),
      speaksFor: all(says(/certificate|x509|\bCA\b|SSL/i), told(bareImage)),
      rulesOut: told(interceptors),
      alike: [{ cause: 'tls-interception', check: 'It works in another network.' }],
    },
    {
      cause: 'blocked-as-automated',
      why: 'Google returned its anti-bot page, because it suspects automated queries from this network’s address.',
      fix: 'Send from another address (not a shared cloud or VPN exit), slow down, and retry later.',
      docs: 'https://support.google.com/websearch/answer/86640',
      stages: ['exchange', 'refresh', 'drive', 'verify', 'signin-config'],
      proves: mentions(
        /automated queries|unusual traffic|We'?re sorry\.\.\.|google\.com\/sorry|recaptcha/i,
        /websearch\/answer\/86640|<title>\s{0,4}Sorry/i,
      ),
    },
    {
      cause: 'google-fault',
      why: 'Google’s server failed. There is nothing wrong with the request.',
      fix: [
        'Retry with increasing, random pauses. Never send a one-time code twice: sign in again instead.',
        'If Google’s own page says 500, open it in a private window: an old browser session can cause this.',
      ],
      docs: 'https://developers.google.com/workspace/drive/api/guides/handle-errors#exponential-backoff',
      stages: ['exchange', 'refresh', 'drive', 'revoke', 'signin-config'],
      speaksFor: [
        all(told(outage), errorIs('invalid_scope')),
        all(any(told(outage), atApi), statusIs(500, 502, 503, 504)),
        says(/\b50[023]\. (That.s an error|Dies ist ein Fehler)|50[023]\. That(’|')s an error/i),
        says(
          /\bbackendError|Backend Error|\binternalError\b|internal_failure|"server_error"|temporarily_unavailable|ApiException: ?8\b|transientError|The service is currently unavailable|server error occurred|Internal error encountered/i,
        ),
      ],
      // Then a page stands where an answer should be.
      rulesOut: says(/<!doctype html|<html|Unexpected token/i),
    },
    {
      cause: 'other-provider',
      why: 'The response came from another provider (Microsoft, Apple, Keycloak, …), not from Google, and its errors have other causes.',
      fix: 'Look the error up in that provider’s documentation, and check which provider the request was meant for.',
      docs: 'https://www.rfc-editor.org/rfc/rfc6749#section-5.2',
      stages: [...stages],
      proves: fact(({ provider }) => provider !== undefined && `the response is from ${provider}`),
    },
  ],
);
