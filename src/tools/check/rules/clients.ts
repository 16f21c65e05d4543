import { projectNumberOf, toIdShape } from '../client-id.js';
import { lineOfKey, placeOf } from '../locate.js';
import type { CheckRule, ClientKind, IdMention, KnownClient, Match, Project } from '../model.js';
import { byFile, ownOf, seenBy } from '../scope.js';
import { sources } from '../sources.js';

/** A mention with a right value. */
interface RightMention extends IdMention {
  id: string;
  projectNumber: string;
}

/** The mentions with a right value, each with what it says. */
function rightMentions(mentions: readonly IdMention[]): RightMention[] {
  return mentions.flatMap((mention) => {
    const shape = toIdShape(mention.value);
    if (shape.shape !== 'right') return [];
    return [{ ...mention, id: shape.id, projectNumber: shape.projectNumber }];
  });
}

/** The client and the server ID that stand in one file. */
function pairs(project: Project): { client: RightMention; server: RightMention }[] {
  return byFile(rightMentions(project.mentions)).flatMap((group) => {
    const client = group.find(({ role }) => role === 'client');
    const server = group.find(({ role }) => role === 'server');
    return client === undefined || server === undefined ? [] : [{ client, server }];
  });
}

/** The clients that Google's own files name, by their IDs. */
function knownById(project: Project): Map<string, KnownClient[]> {
  const known = new Map<string, KnownClient[]>();
  for (const client of project.knownClients) {
    const same = known.get(client.id);
    if (same === undefined) known.set(client.id, [client]);
    else same.push(client);
  }
  return known;
}

/** The kinds that other files than its own name for an ID, as far as an app sees them. */
function kindsOf(known: readonly KnownClient[], { app, file }: RightMention): Set<ClientKind> {
  return new Set(
    known
      .filter((client) => client.app === app || client.app === '' || app === '')
      .filter((client) => client.file !== file)
      .map(({ kind }) => kind),
  );
}

const kindNames: Readonly<Record<ClientKind, string>> = {
  ios: 'an iOS client',
  android: 'an Android client',
  web: 'a web client',
  desktop: 'a desktop client',
};

/** Rules about which clients the files name, and whether these belong together. */
export const clientRules: readonly CheckRule[] = [
  {
    id: 'client-ids-equal',
    name: 'One ID as client and server',
    severity: 'error',
    why: 'A server auth code is issued to a web client; with the iOS client as its own audience Google answers invalid_audience or gives no code.',
    source: sources.offline,
    cause: 'audience-not-a-valid-client',
    *find(project) {
      for (const { client, server } of pairs(project)) {
        if (client.id.toLowerCase() !== server.id.toLowerCase()) continue;
        yield {
          ...placeOf(server),
          message: `${server.key} and ${client.key} are the same client.`,
          fix: `${server.key} takes the ID of the server’s client, of type “Web application”; ${client.key} that of the iOS client. Make the missing one in the Cloud console, in the same project.`,
        };
      }
    },
  },
  {
    id: 'project-mismatch',
    name: 'Client and server of two projects',
    severity: 'error',
    why: 'Google refuses the sign-in with invalid_audience where the app’s client and its server’s client are of different projects.',
    source: sources.crossClient,
    cause: 'audience-project-mismatch',
    *find(project) {
      for (const { client, server } of pairs(project)) {
        if (client.projectNumber === server.projectNumber) continue;
        yield {
          ...placeOf(server),
          message: `${server.key} is of project ${server.projectNumber}, ${client.key} of project ${client.projectNumber}.`,
          fix: 'Use an iOS client and a web client of one project: both IDs start with the same number.',
        };
      }
    },
  },
  {
    id: 'server-client-id-is-ios',
    name: 'iOS client as server client',
    severity: 'error',
    why: 'The server’s ID has to be that of a web client: with an iOS client there is no secret to exchange the code with, and Google answers invalid_audience.',
    source: sources.offline,
    cause: 'audience-not-a-valid-client',
    *find(project) {
      const equal = new Set(
        pairs(project)
          .filter(({ client, server }) => client.id === server.id)
          .map(({ server }) => server.file),
      );
      const known = knownById(project);
      const mentions = rightMentions(project.mentions);
      const keyOf = ({ app, id }: RightMention) => `${app}\n${id}`;
      const clients = new Map(
        mentions
          .filter(({ role }) => role === 'client')
          .reverse()
          .map((client) => [keyOf(client), client]),
      );
      for (const server of mentions) {
        if (server.role !== 'server' || equal.has(server.file)) continue;
        const same = known.get(server.id) ?? [];
        const kinds = kindsOf(same, server);
        const asClient = clients.get(keyOf(server));
        if (!kinds.has('ios') && (asClient === undefined || kinds.has('web'))) continue;
        const witness = same.find(({ kind }) => kind === 'ios') ?? asClient;
        yield {
          ...placeOf(server),
          message: `${server.key} is the ID of an iOS client${witness === undefined ? '' : ` (${where(witness)})`}.`,
          fix: 'Put the ID of the web client there: the one whose secret the server holds.',
        };
      }
    },
  },
  {
    id: 'server-client-id-is-android',
    name: 'Android client as server client',
    severity: 'error',
    why: 'The server’s ID has to be that of a web client; with the Android client’s ID the phone gets neither code nor ID token.',
    source: sources.android,
    cause: 'android-client-id-as-web-client-id',
    *find(project) {
      yield* serverOfKind(project, 'android');
    },
  },
  {
    id: 'server-client-id-is-desktop',
    name: 'Desktop client as server client',
    severity: 'warning',
    why: 'Server auth codes are made for web clients; a client of type “Desktop app” is for programs that sign in by themselves.',
    source: sources.offline,
    cause: 'audience-not-a-valid-client',
    *find(project) {
      yield* serverOfKind(project, 'desktop');
    },
  },
  {
    id: 'client-id-not-ios',
    name: 'Other client as iOS client',
    severity: 'error',
    why: 'Only an iOS client may use the reversed ID as its redirect; Google refuses a custom URL scheme to other types with invalid_request.',
    source: sources.start,
    cause: null,
    *find(project) {
      const known = knownById(project);
      for (const client of rightMentions(project.mentions)) {
        if (client.role !== 'client') continue;
        const same = known.get(client.id) ?? [];
        const kinds = kindsOf(same, client);
        if (kinds.size === 0 || kinds.has('ios')) continue;
        const [kind = 'web'] = kinds;
        const [witness] = same;
        yield {
          ...placeOf(client),
          message: `${client.key} is the ID of ${kindNames[kind]}${witness === undefined ? '' : ` (${where(witness)})`}.`,
          fix: 'Put the ID of the iOS client there, the CLIENT_ID of its plist; the web client’s ID belongs in the server’s key.',
        };
      }
    },
  },
  {
    id: 'project-numbers-differ',
    name: 'Files of two projects',
    severity: 'error',
    why: 'All clients of an app and of its server have to be of one project, or the phone gets invalid_audience and the server unauthorized_client.',
    source: sources.crossClient,
    cause: 'audience-project-mismatch',
    find: projectNumbersDiffer,
  },
  {
    id: 'server-client-ids-differ',
    name: 'Two server clients in one app',
    severity: 'warning',
    why: 'A code can be exchanged only by the client that it was made for, so a server with one client fails for the platform that names another.',
    source: sources.offline,
    cause: 'exchange-client-differs-from-code-client',
    *find(project) {
      for (const app of project.apps) {
        const byKind = new Map<string, RightMention[]>();
        for (const mention of rightMentions(ownOf(app, project.mentions))) {
          if (mention.role !== 'server') continue;
          const group = byKind.get(mention.from);
          if (group === undefined) byKind.set(mention.from, [mention]);
          else group.push(mention);
        }
        // Several values in files of one kind are build flavours.
        const single = [...byKind.values()].filter(
          (group) => new Set(group.map(({ id }) => id)).size === 1,
        );
        const [first, ...others] = single.flatMap((group) => group.slice(0, 1));
        for (const other of others) {
          if (first === undefined || other.id === first.id) continue;
          if (other.projectNumber !== first.projectNumber) continue;
          yield {
            ...placeOf(other),
            message: `${other.key} names another client than ${first.key} (${where(first)}).`,
            fix: 'Name the same web client everywhere: the one whose secret the server holds.',
          };
        }
      }
    },
  },
  {
    id: 'server-client-file-differs',
    name: 'Server’s file is of another client',
    severity: 'warning',
    why: 'A code can be exchanged only by the client that the app names as its server’s; any other gets unauthorized_client or invalid_grant.',
    source: sources.offline,
    cause: 'exchange-client-differs-from-code-client',
    *find(project) {
      for (const app of project.apps) {
        const servers = rightMentions(ownOf(app, project.mentions)).filter(
          ({ role }) => role === 'server',
        );
        const files = seenBy(app, project.secretFiles).filter(({ kind }) => kind === 'web');
        const [file] = files;
        const [server] = servers;
        if (file?.clientId === undefined || server === undefined || files.length > 1) continue;
        if (servers.some(({ id }) => id === file.clientId)) continue;
        if (toIdShape(file.clientId).shape !== 'right') continue;
        if (!file.clientId.startsWith(`${server.projectNumber}-`)) continue;
        yield {
          file: file.file,
          line: file.line,
          message: `The file is of another client than ${server.key} names (${where(server)}).`,
          fix: 'Exchange with the client that the app names, or name this one in the app.',
        };
      }
    },
  },
];

function* serverOfKind(project: Project, kind: ClientKind): Generator<Match> {
  const known = knownById(project);
  for (const server of rightMentions(project.mentions)) {
    if (server.role !== 'server') continue;
    const same = known.get(server.id) ?? [];
    const kinds = kindsOf(same, server);
    if (!kinds.has(kind) || kinds.has('web')) continue;
    const [witness] = same;
    yield {
      ...placeOf(server),
      message: `${server.key} is the ID of ${kindNames[kind]}${witness === undefined ? '' : ` (${where(witness)})`}.`,
      fix: 'Put the ID of the web client there: the one whose secret the server holds.',
    };
  }
}

interface Numbered {
  file: string;
  line: number | null;
  group: string;
  what: string;
  number: string;
}

/** One number per file: two in one file are for other rules. */
function numbersOf(project: Project, root: string): Numbered[] {
  const seen = (app: string) => app === root || app === '';
  const all: Numbered[] = [
    ...rightMentions(project.mentions)
      .filter(({ app, from }) => seen(app) && from !== 'client-plist')
      .map(({ file, line, key, projectNumber }) => ({
        file,
        line,
        group: 'app',
        what: key,
        number: projectNumber,
      })),
    ...project.clientPlists
      .filter(({ app }) => seen(app))
      .flatMap(({ file, values, lines }) => {
        const fromId = projectNumberOf(values['CLIENT_ID']);
        const what = fromId === undefined ? 'GCM_SENDER_ID' : 'CLIENT_ID';
        const number = fromId ?? values['GCM_SENDER_ID'];
        if (typeof number !== 'string' || !/^\d+$/.test(number)) return [];
        return [{ file, line: lineOfKey(lines, what), group: 'plist', what, number }];
      }),
    ...project.googleServices
      .filter(({ app }) => seen(app))
      .flatMap(({ file, line, projectNumber }) =>
        projectNumber === undefined
          ? []
          : [{ file, line, group: 'android', what: 'project_number', number: projectNumber }],
      ),
    ...project.secretFiles
      .filter(({ app, kind }) => seen(app) && kind === 'web')
      .flatMap(({ file, line, clientId }) => {
        const shape = toIdShape(clientId);
        return shape.shape === 'right'
          ? [{ file, line, group: 'server', what: 'client_id', number: shape.projectNumber }]
          : [];
      }),
  ];
  const first = new Map<string, Numbered>();
  for (const entry of all) if (!first.has(entry.file)) first.set(entry.file, entry);
  return [...first.values()];
}

/**
 * A file is held against the app's own settings, else against the first kind of file that there is.
 * A kind of which one file agrees is taken as build flavours, and left alone.
 */
function* projectNumbersDiffer(project: Project): Generator<Match> {
  const told = new Set<string>();
  for (const app of project.apps) {
    const numbers = numbersOf(project, app.root);
    const [reference] = ['app', 'plist', 'android', 'server'].flatMap((group) => {
      const found = numbers.filter((entry) => entry.group === group);
      return found.length === 0 ? [] : [found];
    });
    if (reference === undefined) continue;
    const known = new Set(reference.map(({ number }) => number));
    for (const group of ['app', 'plist', 'android', 'server']) {
      const found = numbers.filter((entry) => entry.group === group);
      if (found.some(({ number }) => known.has(number))) continue;
      for (const entry of found) {
        const [against] = reference;
        if (against === undefined || told.has(entry.file)) continue;
        told.add(entry.file);
        yield {
          file: entry.file,
          line: entry.line,
          // A server's file beside the app may be another server's.
          ...(entry.group === 'server' ? { severity: 'warning' as const } : {}),
          message: `The file is of project ${entry.number}; ${against.what} (${where(against)}) is of project ${against.number}.`,
          fix: 'Use files and IDs of one project: download this one again from the project of the other.',
        };
      }
    }
  }
}

function where({ file, line }: { file: string; line: number | null }): string {
  return line === null ? file : `${file}:${line}`;
}
