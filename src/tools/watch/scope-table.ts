import { expandScope } from '../../core/scopes.js';

const drive = {
  read: [
    'drive.appdata',
    'drive.file',
    'drive.metadata.readonly',
    'drive.metadata',
    'drive.photos.readonly',
    'drive.readonly',
    'drive',
  ],
  content: ['drive.appdata', 'drive.file', 'drive.readonly', 'drive'],
  write: ['drive.appdata', 'drive.file', 'drive'],
  share: ['drive.file', 'drive'],
};
const gmail = {
  read: ['gmail.metadata', 'gmail.readonly', 'gmail.modify', 'https://mail.google.com/'],
  modify: ['gmail.modify', 'https://mail.google.com/'],
  labels: ['gmail.labels', 'gmail.modify', 'https://mail.google.com/'],
  send: ['gmail.send', 'gmail.compose', 'gmail.modify', 'https://mail.google.com/'],
  compose: ['gmail.compose', 'gmail.modify', 'https://mail.google.com/'],
  settings: [
    'gmail.settings.basic',
    'gmail.settings.sharing',
    'gmail.readonly',
    'gmail.modify',
    'https://mail.google.com/',
  ],
};
const calendar = {
  list: [
    'calendar.calendarlist.readonly',
    'calendar.calendarlist',
    'calendar.readonly',
    'calendar',
  ],
  readEvents: [
    'calendar.events.readonly',
    'calendar.events.owned.readonly',
    'calendar.events.owned',
    'calendar.app.created',
    'calendar.events',
    'calendar.readonly',
    'calendar',
  ],
  writeEvents: ['calendar.events.owned', 'calendar.app.created', 'calendar.events', 'calendar'],
  freeBusy: ['calendar.freebusy', 'calendar.events.freebusy', 'calendar.readonly', 'calendar'],
  other: ['calendar.readonly', 'calendar'],
};
const sheets = {
  read: ['spreadsheets.readonly', 'spreadsheets', 'drive.file', 'drive.readonly', 'drive'],
  write: ['spreadsheets', 'drive.file', 'drive'],
};

/**
 * Which scopes allow a method, the narrowest first, as Google's discovery documents list them. A path is
 * that of the usual host; `read` stands for GET and HEAD, `write` for everything else.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/scopes
 */
const methods: readonly (readonly [
  api: string,
  path: RegExp,
  kind: 'read' | 'write' | 'any',
  scopes: readonly string[],
])[] = [
  [
    'drive',
    /^\/(?:upload\/)?drive\/v\d\/files\/[^/]+\/(?:comments|permissions)/,
    'write',
    drive.share,
  ],
  ['drive', /^\/drive\/v\d\/files\/[^/]+\/comments/, 'read', drive.content],
  ['drive', /^\/drive\/v\d\/(?:drives|teamdrives)/, 'read', ['drive.readonly', 'drive']],
  ['drive', /^\/drive\/v\d\/(?:drives|teamdrives)/, 'write', ['drive']],
  ['drive', /^\/drive\/v\d\/files\/[^/]+\/export$/, 'read', drive.content],
  ['drive', /^\/drive\/v\d\//, 'read', drive.read],
  ['drive', /^\/(?:upload\/|resumable\/upload\/)?drive\/v\d\//, 'write', drive.write],
  ['userinfo', /^\/(?:oauth2\/v\d|v1)\/userinfo$/, 'any', ['openid', 'email', 'profile']],
  [
    'people',
    /^\/v1\/people\/me$/,
    'read',
    ['openid', 'email', 'profile', 'contacts.readonly', 'contacts'],
  ],
  ['people', /^\/v1\/people|^\/v1\/contactGroups/, 'read', ['contacts.readonly', 'contacts']],
  ['people', /^\/v1\/people|^\/v1\/contactGroups/, 'write', ['contacts']],
  ['calendar', /^\/calendar\/v3\/users\/me\/calendarList/, 'read', calendar.list],
  [
    'calendar',
    /^\/calendar\/v3\/users\/me\/calendarList/,
    'write',
    ['calendar.calendarlist', 'calendar'],
  ],
  ['calendar', /^\/calendar\/v3\/calendars\/[^/]+\/events/, 'read', calendar.readEvents],
  ['calendar', /^\/calendar\/v3\/calendars\/[^/]+\/events/, 'write', calendar.writeEvents],
  ['calendar', /^\/calendar\/v3\/freeBusy$/, 'any', calendar.freeBusy],
  ['calendar', /^\/calendar\/v3\//, 'read', calendar.other],
  ['calendar', /^\/calendar\/v3\//, 'write', ['calendar']],
  [
    'gmail',
    /^\/(?:upload\/)?gmail\/v1\/users\/[^/]+\/(?:messages|drafts)\/send$/,
    'write',
    gmail.send,
  ],
  ['gmail', /^\/(?:upload\/)?gmail\/v1\/users\/[^/]+\/drafts/, 'write', gmail.compose],
  ['gmail', /^\/gmail\/v1\/users\/[^/]+\/labels/, 'any', gmail.labels],
  ['gmail', /^\/gmail\/v1\/users\/[^/]+\/settings/, 'any', gmail.settings],
  ['gmail', /^\/gmail\/v1\/users\//, 'read', gmail.read],
  ['gmail', /^\/(?:upload\/)?gmail\/v1\/users\//, 'write', gmail.modify],
  ['sheets', /^\/v4\/spreadsheets\//, 'read', sheets.read],
  ['sheets', /^\/v4\/spreadsheets/, 'write', sheets.write],
];

/** The hosts of these have paths that other APIs have, too. */
const hosts: Readonly<Record<string, string>> = {
  people: 'people.googleapis.com',
  sheets: 'sheets.googleapis.com',
};

/**
 * The scopes of which any one allows a call, whole, the narrowest first; undefined if gsac does not know
 * the method.
 */
export function scopesFor(method: string, host: string, path: string): string[] | undefined {
  const kind = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
  const found = methods.find(
    ([api, pattern, wanted]) =>
      (wanted === 'any' || wanted === kind) && (hosts[api] ?? host) === host && pattern.test(path),
  );
  return found?.[3].map(expandScope);
}

/** Scopes that only say who the person is. An ID token is made from them. */
export const identityScopes: readonly string[] = ['openid', 'email', 'profile'].map(expandScope);
