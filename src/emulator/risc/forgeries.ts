import type { SigningOrder } from '../state/model.js';

/** A security event token about to be signed and posted. Forgeries change it in place. */
export interface SecurityEventDraft extends SigningOrder {
  readonly claims: Record<string, unknown>;
  /** How often it is posted. */
  times: number;
}

/** A way in which a security event token is not what it should be. */
export interface Forgery {
  readonly summary: string;
  readonly change: (draft: SecurityEventDraft, seconds: number) => void;
}

const OTHER_CLIENT = '100000000000-another0client.apps.googleusercontent.com';

/** What goes wrong with security event tokens, by name; the last two are no forgeries but Google's own. */
export const FORGERIES: Readonly<Record<string, Forgery>> = {
  'wrong-audience': {
    summary: 'The security event is for another client.',
    change: ({ claims }) => Object.assign(claims, { aud: OTHER_CLIENT }),
  },
  'wrong-issuer': {
    summary: 'The security event has another issuer.',
    change: ({ claims }) => Object.assign(claims, { iss: 'https://accounts.example.net/' }),
  },
  'unknown-key': {
    summary: 'The security event names a key nobody publishes.',
    change: (draft) => Object.assign(draft, { kid: '0'.repeat(40) }),
  },
  'wrong-signature': {
    summary: 'The security event’s signature is wrong.',
    change: (draft) => Object.assign(draft, { corrupt: true }),
  },
  unsigned: {
    summary: 'The security event has no signature.',
    change: (draft) => Object.assign(draft, { alg: 'none' }),
  },
  hmac: {
    summary: 'The public key is the security event’s secret.',
    change: (draft) => Object.assign(draft, { alg: 'HS256' }),
  },
  'id-token': {
    summary: 'An ID token comes in a security event’s place.',
    change({ claims }) {
      const iat = Number(claims['iat']);
      delete claims['events'];
      Object.assign(claims, { iss: 'https://accounts.google.com', sub: '1', exp: iat + 3600 });
    },
  },
  replayed: {
    summary: 'The same security event comes twice.',
    change: (draft) => Object.assign(draft, { times: 2 }),
  },
  late: {
    summary: 'The security event comes late.',
    change: ({ claims }, seconds) =>
      Object.assign(claims, { iat: Number(claims['iat']) - seconds }),
  },
};
