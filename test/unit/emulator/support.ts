import { importPKCS8, type JWTPayload, SignJWT } from 'jose';
import { createEmulator, type Emulator, type EmulatorOptions } from '../../../src/emulator/app.js';
import type { SignInRequest } from '../../../src/emulator/oauth/sign-in.js';

/** A clock that only moves when it is told to. */
export function fakeClock(start = Date.parse('2025-06-01T12:00:00.400Z')) {
  let now = start;
  const clock = (): number => now;
  return Object.assign(clock, {
    advance(seconds: number): void {
      now += seconds * 1000;
    },
  });
}

export type Fields = Readonly<Record<string, unknown>>;

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Fields;
}

/** An emulator with a fake clock and the few requests that every test makes. */
export function startEmulator(options: EmulatorOptions = {}) {
  const clock = fakeClock();
  const emulator = createEmulator({ clock, ...options });
  return { emulator, clock, ...requestsOf(emulator) };
}

/** The requests of one client against an emulator. */
export function requestsOf(emulator: Emulator) {
  const { web } = emulator.clientFile();
  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await emulator.fetch(new Request(`${emulator.origin}${path}`, init));
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const json = isJson ? parseAnswer(text) : {};
    return { status: response.status, headers: response.headers, text, json };
  };
  const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    send(path, { method: 'POST', body: new URLSearchParams(form), headers });
  const credentials = { client_id: web.client_id, client_secret: web.client_secret };
  const redeem = (code: string, more: Record<string, string> = {}) =>
    post('/token', {
      ...credentials,
      grant_type: 'authorization_code',
      redirect_uri: '',
      code,
      ...more,
    });
  const refresh = (refreshToken: unknown, more: Record<string, string> = {}) =>
    post('/token', {
      ...credentials,
      grant_type: 'refresh_token',
      refresh_token: String(refreshToken),
      ...more,
    });
  const tokens = async (request: SignInRequest = {}): Promise<Fields> =>
    (await redeem(emulator.signIn(request).code)).json;
  /** Signs in and returns a `send` that carries the access token. */
  const signedIn = async (request: SignInRequest = {}) => {
    const { access_token: accessToken } = await tokens(request);
    return (path: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${accessToken}`);
      return send(path, { ...init, headers });
    };
  };
  return { send, post, redeem, refresh, tokens, signedIn, credentials };
}

/** The grant of service accounts. */
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** What the emulator's service account signs to be given a token, with other claims as they are wanted. */
export async function assertionOf(
  emulator: Emulator,
  claims: JWTPayload = {},
  header: object = {},
): Promise<string> {
  const file = emulator.serviceAccountFile();
  const iat = Math.floor(emulator.time.now() / 1000);
  return new SignJWT({
    iss: file.client_email,
    aud: 'https://oauth2.googleapis.com/token',
    scope: 'https://www.googleapis.com/auth/drive.appdata',
    iat,
    exp: iat + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: file.private_key_id, ...header })
    .sign(await importPKCS8(file.private_key, 'RS256'));
}

/** A device that signs somebody in, and the person who types its code on the page. */
export function deviceOf({
  emulator,
  post,
}: Pick<ReturnType<typeof startEmulator>, 'emulator' | 'post'>) {
  const { client_id, client_secret } = emulator.deviceClientFile().installed;
  const drive = 'https://www.googleapis.com/auth/drive.file';
  let codes: Fields = {};
  const askCodes = (more: Record<string, string> = {}) =>
    post('/device/code', { client_id, scope: `openid email ${drive}`, ...more });
  return {
    askCodes,
    async start(more: Record<string, string> = {}): Promise<Fields> {
      codes = (await askCodes(more)).json;
      return codes;
    },
    decide: (consent: 'allow' | 'cancel', more: Record<string, string> = {}) =>
      post('/device', {
        user_code: String(codes['user_code']),
        _user: 'tester@example.com',
        _consent: consent,
        _grant: drive,
        ...more,
      }),
    poll: (more: Record<string, string> = {}) =>
      post('/token', {
        client_id,
        client_secret,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: String(codes['device_code']),
        ...more,
      }),
  };
}

/** The claims of a JWT, unverified. */
export function claimsOf(jwt: unknown): Fields {
  return parse(Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString());
}

/** The header of a JWT. */
export function headerOf(jwt: unknown): Fields {
  return parse(Buffer.from(String(jwt).split('.')[0] ?? '', 'base64url').toString());
}

/** What is no JSON, as some faults make it, has no fields. */
function parseAnswer(text: string): Fields {
  try {
    return parse(text);
  } catch {
    return {};
  }
}

function parse(text: string): Fields {
  return JSON.parse(text) as Fields;
}
