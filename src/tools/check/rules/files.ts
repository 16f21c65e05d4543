import { placeOf } from '../locate.js';
import type { CheckRule, SecretFile } from '../model.js';
import { secretKinds } from '../secret-kinds.js';
import { sources } from '../sources.js';

const isClient = ({ kind }: SecretFile) => !secretKinds[kind].isKey;

/** Rules about what credential files hold, and about files that cannot be read. */
export const fileRules: readonly CheckRule[] = [
  {
    id: 'client-file-wrong-kind',
    name: 'Other file in a client file’s place',
    severity: 'error',
    why: 'Only an OAuth client of type “Web application” exchanges a person’s code; other credentials of Google’s look alike.',
    source: sources.clients,
    cause: 'service-account-json-given',
    *find(project) {
      for (const { file, line, kind, namedAsClient } of project.secretFiles) {
        if (!namedAsClient || (kind !== 'service_account' && kind !== 'authorized_user')) continue;
        yield {
          file,
          line,
          cause: kind === 'service_account' ? 'service-account-json-given' : null,
          message: `The file holds ${secretKinds[kind].name}, not an OAuth client.`,
          fix: 'Download the OAuth client of type “Web application” from the Cloud console, Clients.',
        };
      }
      for (const { file, line, expected, found } of project.misnamed) {
        yield {
          file,
          line,
          cause: null,
          message: `By its name the file is ${expected}; it holds ${found}.`,
          fix: 'Put the right file there, or give this one its own name.',
        };
      }
    },
  },
  {
    id: 'client-file-unwrapped',
    name: 'Client file without its wrapper',
    severity: 'error',
    why: 'Google’s libraries look for “web” or “installed” at the top, and find no client where the fields stand there themselves.',
    source: sources.webServer,
    cause: 'client-json-unwrapped',
    *find(project) {
      for (const { file, line, kind } of project.secretFiles) {
        if (kind !== 'unwrapped') continue;
        yield {
          file,
          line,
          message: 'client_id and client_secret stand at the top, without “web” or “installed”.',
          fix: 'Download the file again from the Cloud console and use it unchanged.',
        };
      }
    },
  },
  {
    id: 'client-file-not-web',
    name: 'Desktop client where the app names a server',
    severity: 'warning',
    why: 'A code from a phone is made for a web client, so a file of a desktop client cannot exchange it.',
    source: sources.offline,
    cause: 'client-json-other-section',
    *find(project) {
      const server = project.mentions.find(
        ({ role, from }) => role === 'server' && from !== 'client-plist',
      );
      const web = project.secretFiles.some(({ kind }) => kind === 'web');
      if (server === undefined || web) return;
      for (const { file, line, kind } of project.secretFiles) {
        if (kind !== 'installed') continue;
        yield {
          file,
          line,
          message: `The file is of a desktop client (“installed”), and ${server.key} (${server.file}) wants a web client.`,
          fix: 'Download the client of type “Web application” from the Cloud console, Clients.',
        };
      }
    },
  },
  {
    id: 'client-file-without-secret',
    name: 'Client file without a secret',
    severity: 'warning',
    why: 'Google answers “client_secret is missing.” to a web or desktop client that sends none.',
    source: sources.webServer,
    cause: 'client-secret-missing',
    *find(project) {
      for (const file of project.secretFiles) {
        // One that lies in another file's place is told as such.
        if (!isClient(file) || file.masked !== undefined || !file.namedAsClient) continue;
        yield {
          ...placeOf(file),
          message: 'The file has no client_secret.',
          fix: 'Add a secret to the client in the Cloud console and download the file again.',
        };
      }
    },
  },
  {
    id: 'client-file-without-redirect-uris',
    name: 'Client file without redirect URIs',
    severity: 'note',
    why: 'Several of Google’s libraries refuse a client file that has no redirect_uris, although a phone’s code needs none.',
    source: sources.webServer,
    cause: 'client-json-without-redirect-uris',
    *find(project) {
      for (const file of project.secretFiles) {
        if (file.kind !== 'web' && file.kind !== 'installed') continue;
        if (file.redirectUris > 0) continue;
        yield {
          ...placeOf(file),
          message: 'The file has no redirect_uris.',
          fix: 'Register a redirect URI in the Cloud console and download the file again, where a library asks for it.',
        };
      }
    },
  },
  {
    id: 'file-broken',
    name: 'File that cannot be parsed',
    severity: 'error',
    why: 'What gsac cannot parse, Xcode, the SDK or the package manager cannot either, or reads otherwise.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const { file, line, what, reason } of project.broken) {
        yield {
          file,
          line,
          cause: what === 'Info.plist' ? 'info-plist-malformed' : null,
          message: `The ${what} cannot be parsed: ${reason}.`,
          fix: 'Mend the file; look for a merge conflict, a cut-off end or an unescaped character.',
        };
      }
    },
  },
  {
    id: 'language-not-read',
    name: 'Sign-in in a language that is not read',
    severity: 'note',
    why: 'gsac follows sign-in in Swift, Objective-C, Kotlin, Java, Dart, JavaScript and TypeScript; IDs that other code gives are not judged.',
    source: sources.sdkRepository,
    cause: null,
    *find(project) {
      const told = new Set<string>();
      for (const { file, line, fact, app } of project.sourceFacts) {
        if (fact !== 'other-language' || told.has(app)) continue;
        told.add(app);
        yield {
          file,
          line,
          message:
            'The code here signs in with Google in a language that gsac does not follow: the IDs that it gives are not judged.',
          fix: 'Compare its IDs with the Cloud console: the server’s has to be that of the web client.',
        };
      }
    },
  },
  {
    id: 'not-read',
    name: 'File or folder that was not read',
    severity: 'warning',
    why: 'What was not read was not checked.',
    source: sources.infoPlist,
    cause: null,
    *find(project) {
      for (const { file, reason } of project.skipped) {
        yield {
          file,
          line: null,
          message: `Not read: ${reason}.`,
          fix: 'Make it readable, or check a smaller folder.',
        };
      }
    },
  },
];
