import { createLineAt } from '../locate.js';
import { endingOf, nameOf } from '../paths.js';
import type { Facts } from './facts.js';
import { publicName } from './secret-literals.js';
import { yamlEntries } from './yaml-lines.js';

/** A name and its value in a file of settings. */
interface Setting {
  name: string;
  value: string;
  line: number;
}

const environmentFile = /^\.env(\..+)?$|\.env$/;
const settingsFile =
  /^(application[\w-]*|bootstrap|secrets?|config|settings|credentials|default|production|development|values)\.(ya?ml|properties)$|^appsettings(\.[\w-]+)?\.json$|^(config|settings|default|production|development|eas)\.json$/i;

/** Whether a file is one in which servers, and builds, keep their settings. */
export function isSettings(file: string): boolean {
  const name = nameOf(file);
  return environmentFile.test(name) || settingsFile.test(name);
}

/**
 * Reads a file of settings: environment variables, for what the app's code reads of them, and the
 * client of a server, which is known by the secret beside it.
 */
export function readSettings(file: string, bytes: Buffer, facts: Facts): void {
  const base = nameOf(file);
  const isEnvironment = environmentFile.test(base);
  const text = bytes.toString('utf8');
  if (!/client|google|scheme/i.test(text)) return;
  const settings =
    isEnvironment || endingOf(base) === 'properties' ? lines(text) : nested(file, text);
  const isTemplate = /example|sample|template|dist$/i.test(base);
  for (const { name: key, value, line } of settings) {
    const name = isEnvironment ? key : /\.env\.(\w+)$/.exec(key)?.[1];
    if (name === undefined || !/client|google|scheme|ios|web|server/i.test(name)) continue;
    facts.environment.push({ file, line, name, value, isTemplate });
  }
  // What stands before the word secret, as it stands before the words client ID.
  const secrets = new Set(
    settings.flatMap(
      ({ name }) =>
        /^(.*?)(client_?)?secret$/i.exec(name.replace(/[-.]/g, '_'))?.[1]?.toLowerCase() ?? [],
    ),
  );
  for (const id of settings) {
    const shape = /^\d{5,}-[\w-]+\.apps\.googleusercontent\.com$/;
    const prefix = /^(.*?)client_?id$/i.exec(id.name.replace(/[-.]/g, '_'))?.[1];
    if (prefix === undefined || !shape.test(id.value) || publicName.test(id.name)) continue;
    if (!secrets.has(prefix.toLowerCase())) continue;
    facts.serverClients.push({ file, line: id.line, key: id.name, id: id.value });
  }
}

const line =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*[=:][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*))/gm;

function lines(text: string): Setting[] {
  const lineAt = createLineAt(text);
  return [...text.matchAll(line)].map(
    ({ index, 1: name = '', 2: double, 3: single, 4: plain }) => ({
      name,
      value: double ?? single ?? (plain ?? '').trim(),
      line: lineAt(index),
    }),
  );
}

function nested(file: string, text: string): Setting[] {
  if (endingOf(file) !== 'json') {
    return [...yamlEntries(text)].map(({ path, value, line: at }) => ({
      name: path.join('.'),
      value,
      line: at,
    }));
  }
  // Settings in JSON have one entry a line; the section goes before the name.
  const settings: Setting[] = [];
  const sections: string[] = [];
  for (const [at, written] of text.split('\n').entries()) {
    const entry = /"([\w:.-]{1,100})"\s*:\s*(?:"([^"]{0,500})"|(\{))/.exec(written);
    const [, name = '', value] = entry ?? [];
    if (value !== undefined) {
      const key = [...sections, name].join('.').replaceAll(':', '.');
      settings.push({ name: key, value, line: at + 1 });
    }
    if (entry?.[3] !== undefined && !written.includes('}')) sections.push(name);
    else if (/^\s*\}/.test(written)) sections.pop();
  }
  return settings;
}
