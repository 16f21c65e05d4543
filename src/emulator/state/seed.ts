import type { ClientSeed, EmulatorClient, EmulatorUser, FileSeed, UserSeed } from './model.js';
import type { RandomSource } from './random.js';
import { expandScopes } from './scopes.js';

const PROJECT = '407408718192';
const OTHER_PROJECT = '816263040977';
const SUFFIX = '.apps.googleusercontent.com';

/**
 * The clients an emulator starts with: the web (server) client, the iOS and the Android client of
 * one project, a web and an iOS client of another, then the first project's desktop client and its
 * client of devices. The first web client is the default one.
 */
export const SEED_CLIENTS: readonly ClientSeed[] = [
  {
    clientId: `${PROJECT}-webserver0emulator0client0000001${SUFFIX}`,
    kind: 'web',
    // Says on its face that it guards nothing; the length is that of a real one.
    clientSecret: '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',
    projectId: 'emulator-demo-407408',
    redirectUris: ['http://localhost:8080/oauth2callback', 'https://backend.example.com/callback'],
    javascriptOrigins: ['http://localhost:8080'],
  },
  {
    clientId: `${PROJECT}-iosphone00emulator0client0000001${SUFFIX}`,
    kind: 'ios',
    projectId: 'emulator-demo-407408',
  },
  {
    clientId: `${PROJECT}-android000emulator0client0000001${SUFFIX}`,
    kind: 'android',
    projectId: 'emulator-demo-407408',
  },
  {
    clientId: `${OTHER_PROJECT}-webserver0emulator0client0000002${SUFFIX}`,
    kind: 'web',
    clientSecret: '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',
    projectId: 'emulator-other-816263',
    redirectUris: ['http://localhost:8090/oauth2callback'],
    javascriptOrigins: ['http://localhost:8090'],
  },
  {
    clientId: `${OTHER_PROJECT}-iosphone00emulator0client0000002${SUFFIX}`,
    kind: 'ios',
    projectId: 'emulator-other-816263',
  },
  {
    clientId: `${PROJECT}-desktop000emulator0client0000001${SUFFIX}`,
    kind: 'installed',
    clientSecret: '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',
    projectId: 'emulator-demo-407408',
    redirectUris: ['http://localhost'],
  },
  {
    clientId: `${PROJECT}-device0000emulator0client0000001${SUFFIX}`,
    kind: 'device',
    clientSecret: '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',
    projectId: 'emulator-demo-407408',
  },
];

const at = (iso: string): number => Date.parse(iso);

const TESTER_FILES: readonly FileSeed[] = [
  {
    name: 'settings.json',
    mimeType: 'application/json',
    content: '{"theme":"dark","units":"metric","sync":true}\n',
    createdAt: at('2024-11-02T09:15:22.104Z'),
    modifiedAt: at('2025-05-18T17:41:03.550Z'),
  },
  {
    name: 'saves/slot-1.bin',
    mimeType: 'application/octet-stream',
    content: 'GSAV\u0001'.repeat(410),
    createdAt: at('2025-01-11T20:03:44.871Z'),
    modifiedAt: at('2025-05-20T21:12:59.006Z'),
  },
  {
    name: 'notes backup 2025-04.txt',
    mimeType: 'text/plain',
    content: 'Buy oat milk.\nCall the dentist.\nWater the basil.\n',
    createdAt: at('2025-04-01T06:30:00.000Z'),
    modifiedAt: at('2025-04-30T22:05:10.318Z'),
  },
];

const QA_FILES: readonly FileSeed[] = [
  {
    name: 'config.json',
    mimeType: 'application/json',
    content: '{"flags":["beta"],"release":"2025.5"}\n',
    createdAt: at('2025-03-03T08:00:00.000Z'),
    modifiedAt: at('2025-05-02T13:37:00.250Z'),
  },
  {
    name: 'Übergrößen – liste.csv',
    mimeType: 'text/csv',
    content: 'größe,anzahl\nXL,12\nXXL,3\n',
    createdAt: at('2025-03-09T10:20:30.400Z'),
    modifiedAt: at('2025-03-09T10:20:30.400Z'),
  },
];

/**
 * The users an emulator starts with: a consumer account, a Workspace account, and one whose
 * appfolder is empty. The first one is the default.
 */
export const SEED_USERS: readonly UserSeed[] = [
  {
    email: 'tester@example.com',
    sub: '104729361850274916385',
    name: 'Terry Tester',
    givenName: 'Terry',
    familyName: 'Tester',
    files: TESTER_FILES,
  },
  {
    email: 'qa@example.org',
    sub: '117208453961027584639',
    name: 'Quinn Avery',
    givenName: 'Quinn',
    familyName: 'Avery',
    hd: 'example.org',
    locale: 'de',
    files: QA_FILES,
  },
  {
    email: 'newcomer@example.com',
    sub: '109637482015938274651',
    name: 'Nova Comer',
    givenName: 'Nova',
    familyName: 'Comer',
  },
];

/** Completes what a seed says about a user. */
export function toUser(seed: UserSeed, random: RandomSource): EmulatorUser {
  const mailbox = seed.email.split('@')[0] ?? seed.email;
  const givenName = seed.givenName ?? seed.name?.split(' ')[0] ?? mailbox;
  const familyName = seed.familyName ?? seed.name?.split(' ').slice(1).join(' ') ?? '';
  return {
    email: seed.email,
    sub: seed.sub ?? random.digits(21, '1'),
    emailVerified: seed.emailVerified ?? true,
    name: seed.name ?? `${givenName} ${familyName}`.trim(),
    givenName,
    familyName,
    picture: seed.picture ?? `https://lh3.googleusercontent.com/a/ACg8ocEmulator${mailbox}=s96-c`,
    hd: seed.hd,
    locale: seed.locale,
    grants: seed.grants && expandScopes(seed.grants),
  };
}

/** Completes what a seed says about a client; its id tells the project's number. */
export function toClient(seed: ClientSeed): EmulatorClient {
  const number = seed.clientId.split('-')[0] ?? '0';
  const kind = seed.kind ?? 'web';
  return {
    clientId: seed.clientId,
    kind,
    project: {
      number,
      id: seed.projectId ?? `emulator-${number}`,
      publishing: seed.publishing ?? 'production',
    },
    redirectUris: seed.redirectUris ?? (kind === 'web' ? ['http://localhost:8080/callback'] : []),
    javascriptOrigins: seed.javascriptOrigins,
    status: seed.status ?? 'active',
    ...(kind !== 'ios' && kind !== 'android'
      ? { clientSecret: seed.clientSecret ?? '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' }
      : {}),
  };
}
