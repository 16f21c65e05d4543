import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a program speaks to a host. */
export interface Way {
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/** What becomes of what programs send to Google's hosts. */
export interface Policy {
  /**
   * Answers a request to one of Google's hosts, whose TLS ended here. `request.url` is its path, and its
   * `host` header names the host that the program connected to.
   */
  answer(request: IncomingMessage, response: ServerResponse, host: string, way: Way): void;
  /** Whether a host of Google's is left alone. */
  passesThrough(host: string): boolean;
  /** What becomes of a connection to Google's hosts that cannot be read, such as one of HTTP/2 only. */
  readonly unreadable: 'refuse' | 'tunnel';
}

/** Something that happened at the proxy. */
export type InterceptionEvent =
  /** A request to one of Google's hosts. */
  | { readonly kind: 'request'; readonly host: string }
  /** A connection that went on unread. */
  | {
      readonly kind: 'tunnelled';
      readonly host: string;
      readonly port: number;
      readonly why: 'other' | 'passed-through' | Unreadable;
    }
  /** One of Google's hosts that was to be spoken to in a way that cannot be answered. */
  | {
      readonly kind: 'refused';
      readonly host: string;
      readonly port: number;
      readonly why: Unreadable;
    }
  /** A client that broke the handshake off, or ended the connection right after it. */
  | { readonly kind: 'untrusted'; readonly host: string; readonly reason: string }
  /** A host that could not be connected to. */
  | { readonly kind: 'unreachable'; readonly host: string; readonly reason: string }
  /** A connection of somebody who may not use this proxy, or to gsac's own ports. */
  | { readonly kind: 'forbidden'; readonly reason: string };

/** Why a connection to one of Google's hosts cannot be read. */
export type Unreadable = 'http2' | 'not-http';
