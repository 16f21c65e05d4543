/** A certificate with its private key, both PEM. */
export interface TlsIdentity {
  cert: string;
  key: string;
}

/** What an app is answered. */
export interface ReceiverAnswer {
  status: number;
  /** Written as JSON. */
  body: Readonly<Record<string, unknown>>;
}

/** Every reason to turn a request away before its code is looked at, with status and sentence. */
export const refusals = {
  wrong_path: [404, 'There is nothing here.'],
  method_not_allowed: [405, 'A code is sent with POST.'],
  host_foreign: [403, 'This server does not answer to that name.'],
  origin_foreign: [403, 'This server does not accept requests from pages of other origins.'],
  header_missing: [403, 'The X-Requested-With header is missing.'],
  body_too_large: [413, 'The body has more than 64 KB.'],
  body_unsupported: [415, 'Send a form, JSON or the bare code as text.'],
  body_unreadable: [400, 'The body cannot be read.'],
  code_missing: [400, 'The body has none of authCode, auth_code, code and serverAuthCode.'],
  too_slow: [408, 'The request took too long.'],
  closing: [503, 'The server is being stopped.'],
} as const;

/** Why a request is turned away. */
export type RefusalReason = keyof typeof refusals;

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
