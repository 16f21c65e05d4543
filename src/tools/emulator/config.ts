import type { EmulatorOptions } from '../../emulator/app.js';
import { renamed, toCamelCase } from '../../emulator/names.js';
import type { FileSeed } from '../../emulator/state/model.js';
import type { DocumentPath, LocatedDocument } from '../../schema/document.js';
import { readDocument } from '../../schema/read-document.js';
import { EMULATOR_CONFIG_SCHEMA } from './config-schema.js';

/** What a config file says, under the names that the emulator's options have. */
export type EmulatorConfig = Pick<
  EmulatorOptions,
  | 'seed'
  | 'codeLifetimeSeconds'
  | 'accessTokenLifetimeSeconds'
  | 'seedFiles'
  | 'clients'
  | 'serviceAccounts'
  | 'users'
  | 'faults'
  | 'switches'
> & {
  /** As it was written; see the schema. */
  readonly clock?: string;
};

/** A config file, read. */
export interface LocatedEmulatorConfig {
  readonly config: EmulatorConfig;
  /** The error of what turns out to be wrong later, at its line. */
  refuse(path: DocumentPath, saying: string): Error;
}

const BORN = Date.parse('2025-01-01T00:00:00Z');

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads the emulator's config file, YAML or JSON. Does not know which faults and scopes exist.
 *
 * @throws {GsacError} `usage`, with the lines of what is wrong.
 */
export function readEmulatorConfig(text: string, name: string): LocatedEmulatorConfig {
  const document = readDocument<Entry>(text, name, EMULATOR_CONFIG_SCHEMA);
  const problems = [
    ...findRepeated(document, 'users', 'email', (email) => email.toLowerCase()),
    ...findRepeated(document, 'users', 'sub'),
    ...findRepeated(document, 'clients', 'client_id'),
    ...findRepeated(document, 'service_accounts', 'email'),
    ...findOddFiles(document),
  ];
  if (problems.length > 0) throw document.refuse(problems);
  const { $schema: _ignored, faults, users, ...rest } = document.value;
  const config: Entry = {
    ...(withOptionNames(rest) as Entry),
    ...(users === undefined ? {} : { users: listOf(users).map(toUserEntry) }),
    ...(faults === undefined ? {} : { faults }),
  };
  return {
    // The schema has seen to the types.
    config: config as EmulatorConfig,
    refuse: (path, saying) => document.refuse([{ path, saying }]),
  };
}

function findRepeated(
  { value }: LocatedDocument<Entry>,
  list: string,
  key: string,
  fold = (text: string) => text,
) {
  const seen = new Map<unknown, number>();
  return listOf(value[list]).flatMap((entry, at) => {
    const given = entry[key];
    const one = typeof given === 'string' ? fold(given) : given;
    const first = seen.get(one);
    if (one === undefined) return [];
    if (first === undefined) seen.set(one, at);
    return first === undefined
      ? []
      : [{ path: [list, at, key], saying: `is already that of ${list}[${first}]` }];
  });
}

function findOddFiles({ value }: LocatedDocument<Entry>) {
  return listOf(value['users']).flatMap((user, at) =>
    listOf(user['files']).flatMap((file, index) => {
      const path = ['users', at, 'files', index];
      if (file['content'] !== undefined && file['content_base64'] !== undefined) {
        return [{ path, saying: 'has both content and content_base64' }];
      }
      return ['created_at', 'modified_at']
        .filter((key) => Number.isNaN(timeOf(file[key])))
        .map((key) => ({ path: [...path, key], saying: 'is not a time that exists' }));
    }),
  );
}

function toUserEntry(user: Entry): Entry {
  const { files, ...rest } = user;
  return {
    ...(withOptionNames(rest) as Entry),
    ...(files === undefined ? {} : { files: listOf(files).map(toFileEntry) }),
  };
}

function toFileEntry(file: Entry): FileSeed {
  const encoded = file['content_base64'];
  const usual = encoded === undefined ? 'text/plain' : 'application/octet-stream';
  const createdAt = timeOf(file['created_at']);
  return {
    name: String(file['name']),
    mimeType: String(file['mime_type'] ?? usual),
    content:
      encoded === undefined
        ? String(file['content'] ?? '')
        : Buffer.from(String(encoded), 'base64'),
    createdAt,
    modifiedAt: file['modified_at'] === undefined ? createdAt : timeOf(file['modified_at']),
  };
}

function timeOf(value: unknown): number {
  return value === undefined ? BORN : Date.parse(String(value));
}

function listOf(value: unknown): readonly Entry[] {
  return Array.isArray(value) ? value : [];
}

function withOptionNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOptionNames);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(renamed(value, toCamelCase));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withOptionNames(inner)]));
}
