/** A certificate with its private key, both PEM. */
export interface TlsIdentity {
  cert: string;
  key: string;
}

/** What clients compare a certificate with. */
export interface TlsPins {
  /** SHA-256 of the certificate: hex in upper case, a colon between the bytes. */
  fingerprint: string;
  /** SHA-256 of the public key, base64, as `curl --pinnedpubkey` and OkHttp take it. */
  publicKeyPin: string;
}

/** What an app is answered. */
export interface ReceiverAnswer {
  status: number;
  /** Written as JSON. */
  body: Readonly<Record<string, unknown>>;
}

/** Why a request was turned away before its code was looked at. */
export type RefusalReason =
  | 'wrong_path'
  | 'method_not_allowed'
  | 'host_foreign'
  | 'origin_foreign'
  | 'header_missing'
  | 'body_too_large'
  | 'body_unsupported'
  | 'body_unreadable'
  | 'code_missing'
  | 'too_slow'
  | 'closing';

/** How a receiver is set up. */
export interface ReceiverSettings {
  host: string;
  port: number;
  /** The one path that is answered; begins with a slash. */
  path: string;
  /** Undefined for plain HTTP. */
  tls: TlsIdentity | undefined;
  /** Answers a posted code; must not throw. */
  answer: (posted: string) => Promise<ReceiverAnswer>;
  onRefused: (status: number, reason: RefusalReason) => void;
}

/** A receiver that listens. */
export interface RunningReceiver {
  port: number;
  /** Takes nothing new, finishes what is being answered, then ends every connection. */
  close(): Promise<void>;
}
