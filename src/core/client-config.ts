import { type Endpoints, googleTokenUri, isLoopbackHost } from './endpoints.js';
import { GsacError } from './errors.js';
import { isJsonObject, parseJsonObject } from './json.js';

/** An OAuth client as gsac uses it. */
export interface ClientConfig {
  clientId: string;
  /** Absent for clients that have none. */
  clientSecret?: string | undefined;
  tokenUri: string;
  /** Registered redirect URIs, as far as the file says. */
  redirectUris: string[];
  /** Registered JavaScript origins, if the file says. */
  javascriptOrigins?: string[];
  /** Which section the file had; null where the client was given by its ID. */
  type: 'web' | 'installed' | null;
}

const wanted = 'gsac needs the OAuth client, a client_secret_*.json of type "Web application".';
const again = 'Download the file again from the Cloud console, Clients, and use it unchanged.';

/** Files that people hand in by mistake, each told by a field that only it has. */
const wrongKinds: readonly { matches: (file: Fields) => boolean; what: string; hint: string }[] = [
  {
    matches: (file) => file['type'] === 'service_account',
    what: 'a service account key',
    hint: 'A service account cannot exchange a person’s code. Download the OAuth client of type "Web application" from the Cloud console, Clients.',
  },
  {
    matches: (file) => file['type'] === 'authorized_user',
    what: 'an authorized_user file (a stored refresh token)',
    hint: 'Import it with `gsac accounts import <file>`; --client takes a client_secret_*.json.',
  },
  {
    matches: (file) =>
      typeof file['type'] === 'string' && /^(external_account|impersonated)/.test(file['type']),
    what: 'a workload or impersonation credential',
    hint: 'gsac needs the OAuth client of type "Web application", a client_secret_*.json.',
  },
  {
    matches: (file) => 'project_info' in file && 'client' in file,
    what: 'a google-services.json (Android)',
    hint: 'gsac needs the server’s OAuth client, a client_secret_*.json of type "Web application".',
  },
  {
    matches: (file) => 'access_token' in file || 'refresh_token' in file,
    what: 'a token answer, not a client',
    hint: wanted,
  },
];

type Fields = Record<string, unknown>;

/**
 * Reads a `client_secret_*.json` as the Cloud console gives it, with a `web` or an `installed`
 * section. Whether its `token_uri` may be used is for {@link toEndpoints} to say.
 *
 * @param name what to call the file in messages.
 * @throws {GsacError} `client_file_wrong_kind` for other files of Google's, by name;
 *   `client_file_invalid` for what is no JSON or misses a field.
 * @see https://developers.google.com/identity/protocols/oauth2/web-server#creatingcred
 */
export function parseClientFile(text: string, name: string): ClientConfig {
  refuseOtherFormats(text, name);
  const file = parseJsonObject(text.replace(/^\uFEFF/, ''));
  if (file === undefined) {
    throw new GsacError('client_file_invalid', `${name} is not a JSON object.`, {
      hint: 'Use the client_secret_*.json unchanged, as downloaded from the Cloud console.',
    });
  }
  const wrong = wrongKinds.find(({ matches }) => matches(file));
  if (wrong !== undefined) throw wrongKind(`${name} is ${wrong.what}.`, wrong.hint);
  const type = isJsonObject(file['web']) ? 'web' : 'installed';
  const section = file[type];
  if (!isJsonObject(section)) throw withoutSection(file, name);
  return {
    clientId: checkClientId(requiredString(section, 'client_id', name), name),
    clientSecret: optionalString(section, 'client_secret', name),
    tokenUri:
      emulatorTokenUri(section) ?? optionalString(section, 'token_uri', name) ?? googleTokenUri,
    redirectUris: stringList(section['redirect_uris']),
    ...('javascript_origins' in section
      ? { javascriptOrigins: stringList(section['javascript_origins']) }
      : {}),
    type,
  };
}

/** Names the emulator that stands in for Google, in a file with Google's own URIs. */
export const emulatorField = 'gsac_emulator';

/**
 * The file that `gsac emulator run` hands to a program has Google's own URIs. gsac itself goes straight to
 * the emulator, so that what it stores is never taken for Google's.
 */
function emulatorTokenUri(section: Fields): string | undefined {
  const origin = section[emulatorField];
  const isOrigin = typeof origin === 'string' && URL.canParse(origin);
  return isOrigin && isLoopbackHost(new URL(origin).hostname) ? `${origin}/token` : undefined;
}

/**
 * Whether a client cannot do without a secret: Google gives one to every web client. Those of iOS and
 * Android have none, and their files have the same section as a desktop client's.
 */
export function needsSecret({ type }: ClientConfig): boolean {
  return type === 'web';
}

/**
 * Checks a client ID for what is commonly given in its place, and returns it.
 *
 * @throws {GsacError} `client_file_invalid` with what it looks like instead.
 */
export function checkClientId(clientId: string, name: string): string {
  const problem = clientIdProblem(clientId);
  if (problem === undefined) return clientId;
  throw new GsacError('client_file_invalid', `${name}: the client ID ${problem}.`, {
    hint: 'A client ID looks like 123456789012-abc….apps.googleusercontent.com; copy it from the Cloud console, Clients.',
  });
}

function clientIdProblem(clientId: string): string | undefined {
  if (clientId.trim() === '') return 'is empty';
  if (/\s/.test(clientId)) return 'holds a blank or a line break';
  if (/^["'“‘]|["'”’]$/.test(clientId)) return 'is in quotes';
  if (/^com\.googleusercontent\.apps\./i.test(clientId)) {
    return 'is written in reverse, as in an iOS URL scheme';
  }
  if (/^AIza/.test(clientId)) return 'is an API key';
  if (/^GOCSPX-/.test(clientId)) return 'is a client secret';
  if (/@/.test(clientId)) return 'is an email address';
  if (/[<>{}[\]$]|your|undefined|null|placeholder/i.test(clientId)) return 'is a placeholder';
  if (/[^\x21-\x7E]/.test(clientId)) return 'holds characters that no client ID has';
  return undefined;
}

function refuseOtherFormats(text: string, name: string): void {
  if (/^\s*(<\?xml|<!DOCTYPE plist|<plist|bplist)/i.test(text)) {
    const kind = text.includes('PLIST_VERSION')
      ? text.includes('GOOGLE_APP_ID')
        ? 'a GoogleService-Info.plist'
        : 'an iOS client plist'
      : 'a property list';
    throw wrongKind(
      `${name} is ${kind}.`,
      'iOS clients have no secret. The exchange needs the server’s client, a client_secret_*.json of type "Web application".',
    );
  }
  if (/^\s*AIza[\w-]+\s*$/.test(text)) throw wrongKind(`${name} holds an API key.`, wanted);
  if (/^\s*-----BEGIN/.test(text)) {
    throw wrongKind(`${name} holds a PEM key or certificate.`, wanted);
  }
}

function wrongKind(message: string, hint: string): GsacError {
  return new GsacError('client_file_wrong_kind', message, { hint });
}

function withoutSection(file: Fields, name: string): GsacError {
  if ('client_id' in file) {
    return new GsacError(
      'client_file_invalid',
      `${name} has its fields at the top level, without the "web" or "installed" wrapper.`,
      { hint: again },
    );
  }
  // Not "section": those words are for programs that read one of the two and find the other.
  const what = `${name} holds neither a "web" nor an "installed" client.`;
  return new GsacError('client_file_invalid', what, {
    hint: 'Download the OAuth client of type "Web application" from the Cloud console, Clients.',
  });
}

function requiredString(fields: Fields, field: string, name: string): string {
  const value = optionalString(fields, field, name);
  if (value !== undefined) return value;
  throw new GsacError('client_file_invalid', `${name} has no ${field}.`, { hint: again });
}

function optionalString(fields: Fields, field: string, name: string): string | undefined {
  const value = fields[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new GsacError('client_file_invalid', `${name}: ${field} is not a string.`);
}

function stringList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The OAuth client that a command works with, and where it sends. */
export interface ResolvedClient {
  client: ClientConfig;
  endpoints: Endpoints;
}
