import { projectNumberOf, toIdShape } from '../client-id.js';
import { placeOf, where } from '../locate.js';
import type {
  App,
  CheckRule,
  ClientKind,
  IdMention,
  KnownClient,
  Match,
  OfApp,
  Place,
  Project,
  ServerClient,
} from '../model.js';
import { codeOf, groupBy, idsOf, ownOf, seenBy } from '../scope.js';
import { sources } from '../sources.js';
import { projectNumbersDiffer } from './projects.js';
import { serverSchemes } from './schemes.js';

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

/** A path that says for which build it is. */
const flavour =
  /(^|\/)src\/(?!main\/)\w+\/(java|kotlin)\/|(^|[/_.-])(dev\w*|prod\w*|stag(e|ing)|debug|release|qa|uat)[/_.-]/i;

const isServer = ({ role }: IdMention) => role === 'server';

/**
 * The client and the server ID that one file gives to sign-in. Of the values of several builds, a
 * pair of one project is taken if there is any.
 */
function pairs(project: Project): { client: RightMention; server: RightMention }[] {
  const given = project.mentions.filter(({ sure }) => sure);
  const groups = groupBy(rightMentions(given), ({ site }) => site);
  return [...groups.values()].flatMap((group) => {
    const clients = group.filter(({ role }) => role === 'client').slice(0, 20);
    const servers = group.filter(({ role }) => role === 'server').slice(0, 20);
    const all = clients.flatMap((client) => servers.map((server) => ({ client, server })));
    const agreeing = all.find(
      ({ client, server }) => client.projectNumber === server.projectNumber,
    );
    return [agreeing ?? all[0]].filter((pair) => pair !== undefined);
  });
}

/** What code gives as two IDs, its value said or not: whatever it is, one of the two is wrong. */
function* sharedVariables(project: Project): Generator<Match> {
  const given = project.mentions.filter(
    ({ from, role, value }) => from === 'source' && (isOpen(value) || role === 'browser'),
  );
  for (const group of groupBy(given, ({ site, value }) => `${site} ${String(value)}`).values()) {
    // Expo's hook takes one for each phone; what a call works out may differ.
    const right = group.filter(({ value }) => toIdShape(value).shape === 'right');
    const server = group.find(isServer) ?? right.find(({ key }) => key === 'androidClientId');
    const client =
      group.find(({ role }) => role === 'client') ?? right.find(({ key }) => key === 'iosClientId');
    if (server === undefined || client === undefined) continue;
    const type = isServer(server) ? 'server’s client, of type “Web application”' : 'Android client';
    yield {
      ...placeOf(client),
      severity: isServer(server) ? undefined : 'warning',
      message: `${client.key} and ${server.key} are given the same value.`,
      fix: `${server.key} takes the ID of the ${type}; ${client.key} that of the iOS client.`,
    };
  }
}

const isOpen = (value: unknown) => typeof value === 'string' && value.startsWith('${');

/** Finds a file, other than the mention's own, that names the mentioned client as one of a kind. */
type FindWitness = (mention: RightMention, kind: ClientKind) => KnownClient | undefined;

/** What Google's own files say of clients, as far as an app sees them; the checked folder sees all. */
function createWitness(project: Project): FindWitness {
  const known = new Map<string, KnownClient[]>();
  const keyOf = (id: string, kind: ClientKind, app?: string) => JSON.stringify([id, kind, app]);
  for (const client of project.knownClients) {
    for (const app of [client.app, undefined]) {
      const key = keyOf(client.id, client.kind, app);
      const [first, second] = known.get(key) ?? [];
      // Of two files one is another than the mention's.
      if (first === undefined) known.set(key, [client]);
      else if (second === undefined && first.file !== client.file) known.set(key, [first, client]);
    }
  }
  return ({ id, app, file }, kind) =>
    (app === '' ? [undefined] : [app, ''])
      .flatMap((seen) => known.get(keyOf(id, kind, seen)) ?? [])
      .find((client) => client.file !== file);
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
      yield* sharedVariables(project);
      for (const app of project.apps.values()) yield* serverSchemes(project, app);
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
    find: (project) => serverOfKind(project, 'ios'),
  },
  {
    id: 'server-client-id-is-android',
    name: 'Android client as server client',
    severity: 'error',
    why: 'The server’s ID has to be that of a web client; with the Android client’s ID the phone gets neither code nor ID token.',
    source: sources.android,
    cause: 'android-client-id-as-web-client-id',
    find: (project) => serverOfKind(project, 'android'),
  },
  {
    id: 'server-client-id-is-desktop',
    name: 'Desktop client as server client',
    severity: 'warning',
    why: 'Server auth codes are made for web clients; a client of type “Desktop app” is for programs that sign in by themselves.',
    source: sources.offline,
    cause: 'audience-not-a-valid-client',
    find: (project) => serverOfKind(project, 'desktop'),
  },
  {
    id: 'client-id-not-ios',
    name: 'Other client as iOS client',
    severity: 'error',
    why: 'Only an iOS client may use the reversed ID as its redirect; Google refuses a custom URL scheme to other types with invalid_request.',
    source: sources.start,
    cause: null,
    *find(project) {
      const witnessOf = createWitness(project);
      for (const client of rightMentions(project.mentions)) {
        if (client.role !== 'client' || witnessOf(client, 'ios') !== undefined) continue;
        const witness =
          witnessOf(client, 'android') ?? witnessOf(client, 'web') ?? witnessOf(client, 'desktop');
        if (witness === undefined) continue;
        yield {
          ...placeOf(client),
          message: `${client.key} is the ID of ${kindNames[witness.kind]} (${where(witness)}).`,
          fix: 'Put the ID of the iOS client there, the CLIENT_ID of its plist; the web client’s ID belongs in the server’s key.',
        };
      }
    },
  },
  {
    id: 'project-numbers-differ',
    name: 'Files of two projects',
    severity: 'warning',
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
      for (const app of project.apps.values()) {
        const servers = rightMentions(ownOf(app, project.mentions)).filter(isServer);
        // Several values in files of one kind, or in one place of the code, are build flavours.
        const groupOf = ({ from, site }: IdMention) =>
          from === 'source' && !flavour.test(site) ? site : from;
        const single = [...groupBy(servers, groupOf).values()].filter(
          (group) => new Set(group.map(({ id }) => id)).size === 1,
        );
        const [first, ...others] = single.flatMap((group) => group.slice(0, 1));
        for (const other of others) {
          if (first === undefined || other.id === first.id) continue;
          const inCode = first.from === 'source' && other.from === 'source';
          if (other.projectNumber !== first.projectNumber && !inCode) continue;
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
    find: serverFilesDiffer,
  },
];

/** A server's client beside an app that names another. */
function* serverFilesDiffer(project: Project): Generator<Match> {
  const files = project.secretFiles.flatMap((file): (Place & OfApp & { id: string })[] =>
    file.kind === 'web' && file.clientId !== undefined ? [{ ...file, id: file.clientId }] : [],
  );
  for (const app of project.apps.values()) {
    const mentions = idsOf(project, app, 'server');
    const servers = rightMentions(mentions);
    const [server] = servers;
    // A value that is not known may be the server's.
    if (server === undefined || servers.length < mentions.length) continue;
    const isOwn = ({ id }: { id: string }) => servers.some((each) => each.id === id);
    const [file, another] = seenBy(app, files);
    // Settings of a website's own sign-in name a client of its own, and no code goes there.
    const asks = codeOf(project, app, 'server-auth-code', 'offline-access').length > 0;
    const settings = asks ? project.serverClients.filter(isSettingOf(project, app)) : [];
    const single = another === undefined && file !== undefined ? [file] : [];
    const all = [...single, ...settings];
    if (all.length === 0 || all.some(isOwn)) continue;
    for (const other of all.slice(0, 1)) {
      const number = projectNumberOf(other.id);
      if (number === undefined || (number !== server.projectNumber && single.length > 0)) continue;
      yield {
        ...placeOf(other),
        message: `The server’s client here is another than ${server.key} names (${where(server)}).`,
        fix: 'Exchange with the client that the app names, or name this one in the app.',
      };
    }
  }
}

/** Whether settings are those of a server beside an app: no other app's, and not the app's own. */
function isSettingOf(project: Project, app: App) {
  return ({ app: owner, file }: ServerClient) =>
    owner === ''
      ? project.apps.size <= 2 || app.root === ''
      : owner === app.root && /(^|\/)(server|backend|api|functions)\//i.test(file);
}

function* serverOfKind(project: Project, kind: ClientKind): Generator<Match> {
  const witnessOf = createWitness(project);
  const mentions = rightMentions(project.mentions);
  const keyOf = ({ app, id }: RightMention) => `${app}\n${id}`;
  // What the app gives as its own client is one of iOS, and of the same place another rule tells.
  const own = mentions.filter(({ role }) => kind === 'ios' && role === 'client').reverse();
  const clients = new Map(own.map((client) => [keyOf(client), client]));
  const equal = new Set(
    pairs(project)
      .filter(({ client, server }) => kind === 'ios' && client.id === server.id)
      .map(({ server }) => server.site),
  );
  for (const server of mentions.filter(isServer)) {
    const witness = witnessOf(server, kind) ?? clients.get(keyOf(server));
    if (witness === undefined || witnessOf(server, 'web') !== undefined) continue;
    if (equal.has(server.site)) continue;
    yield {
      ...placeOf(server),
      message: `${server.key} is the ID of ${kindNames[kind]} (${where(witness)}).`,
      fix: 'Put the ID of the web client there: the one whose secret the server holds.',
    };
  }
}
