import { maskSecret } from '../../../core/secret.js';
import type { SecretKind } from '../model.js';
import type { Facts } from './facts.js';
import {
  isFailure,
  isFields,
  type JsonFile,
  readJsonFile,
  readNamedJson,
  toText,
} from './json-file.js';
import { isFiller } from './secret-literals.js';

/** Reads a file whose name promises an OAuth client. */
export function readNamedClient(file: string, bytes: Buffer, facts: Facts): void {
  const json = readNamedJson(file, 'client file', bytes, facts);
  if (json === undefined || readSecret(file, json, true, facts)) return;
  const isServices = json.at('project_info') !== undefined;
  facts.misnamed.push({
    file,
    line: 1,
    expected: 'an OAuth client',
    found: isServices ? 'an Android app’s google-services.json' : 'neither “web” nor “installed”',
  });
}

/** Looks whether some JSON file is a credential. */
export function readMaybeSecret(file: string, bytes: Buffer, facts: Facts): void {
  if (!/"(private_key|client_secret|refresh_token)"/.test(bytes.toString('latin1'))) return;
  const json = readJsonFile(bytes.toString('utf8'));
  if (isFailure(json)) return;
  if (readSecret(file, json, false, facts)) facts.filesChecked += 1;
}

/** Takes the file for a credential where it is one. A template, with placeholders, counts as read. */
function readSecret(file: string, json: JsonFile, named: boolean, facts: Facts): boolean {
  const read = credentialIn(json);
  if (read === undefined) return false;
  const { kind, path, secretKey } = read;
  const secret = toText(json.at(...path, secretKey));
  if (secret !== undefined && isFiller(secret)) return true;
  const clientId = toText(json.at(...path, 'client_id'));
  const redirectUris = json.at(...path, 'redirect_uris');
  // The file of an app's client, for Android or iOS, has neither.
  if (kind === 'installed' && secret === undefined && redirectUris === undefined) return true;
  const line = json.lineOf(...path, secretKey) ?? json.lineOf(...path, 'client_id') ?? 1;
  facts.secretFiles.push({
    file,
    line,
    kind,
    clientId,
    masked: secret === undefined ? undefined : maskSecret(secret),
    redirectUris: Array.isArray(redirectUris) ? redirectUris.length : 0,
    git: 'unknown',
    namedAsClient: named,
  });
  if (clientId !== undefined && (kind === 'web' || kind === 'installed')) {
    const place = { file, line: json.lineOf(...path, 'client_id') };
    facts.knownClients.push({ ...place, id: clientId, kind: kind === 'web' ? 'web' : 'desktop' });
  }
  return true;
}

function credentialIn(
  json: JsonFile,
): { kind: SecretKind; path: string[]; secretKey: string } | undefined {
  if (json.at('type') === 'service_account') {
    return { kind: 'service_account', path: [], secretKey: 'private_key' };
  }
  if (toText(json.at('refresh_token')) !== undefined && json.at('client_id') !== undefined) {
    return { kind: 'authorized_user', path: [], secretKey: 'refresh_token' };
  }
  for (const kind of ['web', 'installed'] as const) {
    if (toText(json.at(kind, 'client_id')) !== undefined) {
      return { kind, path: [kind], secretKey: 'client_secret' };
    }
  }
  const id = toText(json.at('client_id'));
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
export function readGoogleServices(file: string, bytes: Buffer, facts: Facts): void {
  const json = readNamedJson(file, 'google-services.json', bytes, facts);
  if (json === undefined) return;
  if (!isFields(json.at('project_info'))) {
    const secret = readSecret(file, json, false, facts);
    const holds = secret ? 'a credential' : 'no project_info';
    facts.misnamed.push({ file, line: 1, expected: 'a google-services.json', found: holds });
    return;
  }
  const apps = json.at('client');
  const clients = new Map<string, number>();
  const packages: string[] = [];
  for (const [app] of Array.isArray(apps) ? apps.entries() : []) {
    const name = json.at('client', app, 'client_info', 'android_client_info', 'package_name');
    if (typeof name === 'string') packages.push(name);
    for (const list of [
      ['client', app, 'oauth_client'],
      ['client', app, 'services', 'appinvite_service', 'other_platform_oauth_client'],
    ]) {
      const entries = json.at(...list);
      for (const [at] of Array.isArray(entries) ? entries.entries() : []) {
        const id = toText(json.at(...list, at, 'client_id'));
        const type = Number(json.at(...list, at, 'client_type'));
        const kind = clientTypes[type];
        if (id === undefined || kind === undefined) continue;
        clients.set(id, type);
        const line = json.lineOf(...list, at, 'client_id');
        facts.knownClients.push({ file, line, id, kind });
      }
    }
  }
  const number = json.at('project_info', 'project_number');
  facts.googleServices.push({
    file,
    line: json.lineOf('project_info', 'project_number') ?? json.lineOf('project_info'),
    projectNumber: number === undefined ? undefined : String(number),
    clients: clients.size,
    packages,
    webClients: [...clients.values()].filter((type) => type === 3).length,
  });
}
