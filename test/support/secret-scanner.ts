import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** So many characters of a secret in a row count as a leak. */
const tellTale = 10;

/** Knows secrets and finds any of them, or a good part of one, in texts and files. */
export interface SecretScanner {
  /** Makes a secret known; `name` is what a finding calls it. */
  add(name: string, secret: string): void;
  /** The names of the secrets that are in a text, whole or in part, also percent-encoded or in base64. */
  find(text: string): string[];
  /** The same for every file below a folder, each with its path. */
  findInFiles(folder: string): string[];
}

/** Makes a scanner that knows nothing yet. */
export function createSecretScanner(): SecretScanner {
  const parts = new Map<string, string>();

  function find(text: string): string[] {
    const found = new Set<string>();
    for (let at = 0; at + tellTale <= text.length; at += 1) {
      const name = parts.get(text.slice(at, at + tellTale));
      if (name !== undefined) found.add(name);
    }
    return [...found];
  }

  return {
    add(name, secret) {
      const bare = secret.replace(/^(ya29\.|1\/\/0|4\/0|GOCSPX-|eyJ)/, '');
      for (const form of [
        bare,
        encodeURIComponent(bare),
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      ]) {
        for (let at = 0; at + tellTale <= form.length; at += 1) {
          parts.set(form.slice(at, at + tellTale), name);
        }
      }
    },
    find,
    findInFiles: (folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .flatMap((entry) => {
          const path = join(entry.parentPath, entry.name);
          return find(`${path}\n${readFileSync(path, 'latin1')}`).map((name) => `${path}: ${name}`);
        }),
  };
}
