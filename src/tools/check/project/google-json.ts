import { maskSecret } from '../../../core/secret.js';
import type { SecretKind } from '../model.js';
import { isFields } from './fields.js';
import type { Found } from './found.js';
import { isFailure, type JsonFile, readJsonFile } from './json-file.js';
import { isFiller } from './secret-literals.js';

/** Reads a file whose name promises an OAuth client. */
export function readNamedClient(file: string, bytes: Buffer, found: Found): void {
  found.filesChecked += 1;
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) {
    found.broken.push({ file, what: 'client file', ...json });
    return;
  }
  if (readSecret(file, json, true, found)) return;
  const isServices = json.at('project_info') !== undefined;
  found.misnamed.push({
    file,
    line: 1,
    expected: 'an OAuth client',
    found: isServices ? 'an Android app’s google-services.json' : 'neither “web” nor “installed”',
  });
}

/** Looks whether some JSON file is a credential. */
export function readMaybeSecret(file: string, bytes: Buffer, found: Found): void {
  if (!/"(private_key|client_secret|refresh_token)"/.test(bytes.toString('latin1'))) return;
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) return;
  if (readSecret(file, json, false, found)) found.filesChecked += 1;
}

/** Takes the file for a credential where it is one. A template, with placeholders, counts as read. */
function readSecret(file: string, json: JsonFile, named: boolean, found: Found): boolean {
  const read = credentialIn(json);
  if (read === undefined) return false;
  const { kind, path, secretKey } = read;
  const secret = text(json.at(...path, secretKey));
  if (secret !== undefined && isFiller(secret)) return true;
  const clientId = text(json.at(...path, 'client_id'));
  const redirectUris = json.at(...path, 'redirect_uris');
  const line = json.lineOf(...path, secretKey) ?? json.lineOf(...path, 'client_id') ?? 1;
  found.secretFiles.push({
    file,
    line,
    kind,
    clientId,
    masked: secret === undefined ? undefined : maskSecret(secret),
    redirectUris: Array.isArray(redirectUris) ? redirectUris.length : 0,
    git: 'unknown',
    namedAsClient: named,
    listedIn: undefined,
  });
  if (clientId !== undefined && (kind === 'web' || kind === 'installed')) {
    const known = kind === 'web' ? 'web' : 'desktop';
    found.knownClients.push({
      file,
      line: json.lineOf(...path, 'client_id'),
      id: clientId,
      kind: known,
    });
  }
  return true;
}

function credentialIn(
  json: JsonFile,
): { kind: SecretKind; path: string[]; secretKey: string } | undefined {
  if (json.at('type') === 'service_account') {
    return { kind: 'service_account', path: [], secretKey: 'private_key' };
  }
  if (text(json.at('refresh_token')) !== undefined && json.at('client_id') !== undefined) {
    return { kind: 'authorized_user', path: [], secretKey: 'refresh_token' };
  }
  for (const kind of ['web', 'installed'] as const) {
    if (text(json.at(kind, 'client_id')) !== undefined) {
      return { kind, path: [kind], secretKey: 'client_secret' };
    }
  }
  const id = text(json.at('client_id'));
  const googles = id?.includes('googleusercontent') === true;
  if (googles && json.at('client_secret') !== undefined) {
    return { kind: 'unwrapped', path: [], secretKey: 'client_secret' };
  }
  return undefined;
}

const clientTypes: Readonly<Record<number, 'android' | 'ios' | 'web'>> = {
  1: 'android',
  2: 'ios',
  3: 'web',
};

/** Reads an Android app's `google-services.json`. */
export function readGoogleServices(file: string, bytes: Buffer, found: Found): void {
  found.filesChecked += 1;
  const what = 'google-services.json';
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) {
    found.broken.push({ file, what, ...json });
    return;
  }
  if (!isFields(json.at('project_info'))) {
    const secret = readSecret(file, json, true, found);
    const holds = secret ? 'a credential' : 'no project_info';
    found.misnamed.push({ file, line: 1, expected: 'a google-services.json', found: holds });
    return;
  }
  const apps = json.at('client');
  const clients = new Map<string, number>();
  for (const [app] of Array.isArray(apps) ? apps.entries() : []) {
    for (const list of [
      ['client', app, 'oauth_client'],
      ['client', app, 'services', 'appinvite_service', 'other_platform_oauth_client'],
    ]) {
      const entries = json.at(...list);
      for (const [at] of Array.isArray(entries) ? entries.entries() : []) {
        const id = text(json.at(...list, at, 'client_id'));
        const type = Number(json.at(...list, at, 'client_type'));
        const kind = clientTypes[type];
        if (id === undefined || kind === undefined) continue;
        clients.set(id, type);
        const line = json.lineOf(...list, at, 'client_id');
        found.knownClients.push({ file, line, id, kind });
      }
    }
  }
  const number = json.at('project_info', 'project_number');
  found.googleServices.push({
    file,
    line: json.lineOf('project_info', 'project_number') ?? json.lineOf('project_info'),
    projectNumber: number === undefined ? undefined : String(number),
    clients: clients.size,
    webClients: [...clients.values()].filter((type) => type === 3).length,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
