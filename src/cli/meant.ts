import { didYouMean } from '../core/closest.js';

/** What people who know other tools type, and what of gsac does it: whole commands, each with its use. */
const commandsByMeaning: Readonly<Record<string, readonly string[]>> = {
  account: ['accounts'],
  add: ['exchange', 'login', 'accounts import'],
  auth: ['login', 'exchange'],
  authenticate: ['login', 'exchange'],
  authorize: ['login'],
  config: ['help options', 'help environment', 'accounts use'],
  configure: ['help options', 'help environment', 'accounts use'],
  curl: ['api', 'token'],
  debug: ['explain', 'doctor'],
  decode: ['claims'],
  delete: ['files delete', 'accounts remove'],
  diagnose: ['explain', 'doctor'],
  download: ['files get'],
  drive: ['files'],
  get: ['api', 'files get', 'token'],
  http: ['api'],
  'id-token': ['claims'],
  import: ['accounts import'],
  info: ['status', 'claims', 'files info'],
  init: ['exchange', 'login'],
  inspect: ['claims', 'status'],
  introspect: ['claims'],
  jwt: ['claims'],
  lint: ['check'],
  list: ['accounts', 'files'],
  logout: ['revoke', 'accounts remove'],
  ls: ['accounts', 'files'],
  man: ['help'],
  me: ['claims', 'accounts'],
  metadata: ['serve', 'exec'],
  mock: ['emulator start'],
  'print-access-token': ['token'],
  profile: ['accounts'],
  profiles: ['accounts'],
  put: ['files put'],
  remove: ['accounts remove', 'files delete'],
  renew: ['refresh'],
  rm: ['accounts remove', 'files delete'],
  request: ['api'],
  run: ['exec'],
  scan: ['check'],
  server: ['emulator start', 'listen'],
  signin: ['login', 'exchange'],
  'sign-in': ['login', 'emulator sign-in'],
  signout: ['revoke', 'accounts remove'],
  start: ['emulator start'],
  switch: ['accounts use'],
  test: ['verify', 'check'],
  tokeninfo: ['claims', 'verify'],
  topics: ['help'],
  upload: ['files put'],
  use: ['accounts use'],
  user: ['accounts', 'claims'],
  users: ['accounts'],
  validate: ['claims', 'verify', 'check'],
  version: ['--version'],
  whoami: ['claims', 'accounts'],
  why: ['explain'],
};

/** The same below a group of commands. */
const subcommandsByMeaning: Readonly<Record<string, readonly string[]>> = {
  add: ['import', 'put'],
  create: ['import', 'put', 'start'],
  default: ['use'],
  del: ['delete', 'remove'],
  delete: ['remove'],
  download: ['get'],
  fetch: ['get'],
  forget: ['remove'],
  launch: ['start'],
  login: ['sign-in'],
  ls: ['list'],
  remove: ['delete'],
  rm: ['delete', 'remove'],
  select: ['use'],
  serve: ['start'],
  set: ['use'],
  show: ['list', 'info'],
  signin: ['sign-in'],
  switch: ['use'],
  up: ['start'],
  upload: ['put'],
};

/** Flags of other tools, each with what to write instead. */
const flagsByMeaning: Readonly<Record<string, string>> = {
  '--access-token': 'gsac keeps tokens itself: see `gsac help exchange`.',
  '--as': 'Name the account with --account.',
  '--client-secret':
    'A secret never goes into a flag: use GSAC_CLIENT_SECRET or --client-secret-file.',
  '--config': 'There is no configuration file: see `gsac help options`.',
  '--credentials': 'Name the client with --client, or set GSAC_CREDENTIALS.',
  '--email': 'Name the account with --account.',
  '--format': 'For JSON, add --json.',
  '--log-http': 'For the requests and responses, add --trace.',
  '--log-level': 'For the requests and responses, add --trace.',
  '--non-interactive': 'To be asked nothing, add --no-input.',
  '--output': 'For JSON, add --json.',
  '--profile': 'Name the account with --account.',
  '--refresh-token': 'Set GSAC_REFRESH_TOKEN, or see `gsac help accounts`.',
  '--secret': 'A secret never goes into a flag: use GSAC_CLIENT_SECRET or --client-secret-file.',
  '--silent': 'For results and errors only, add --quiet.',
  '--user': 'Name the account with --account.',
  '-o': 'For JSON, add --json.',
  '-u': 'Name the account with --account.',
  '-v': '`gsac --version` prints the version; --verbose and --trace say more.',
};

/** The hint for a command that does not exist; undefined if nothing is near. @param group `gsac files`. */
export function meantCommand(
  typed: string,
  names: readonly string[],
  group: string,
): string | undefined {
  const table = group === 'gsac' ? commandsByMeaning : subcommandsByMeaning;
  const word = typed.toLowerCase().replace(/^-+/, '');
  const meant = (Object.hasOwn(table, word) ? (table[word] ?? []) : []).filter((path) => {
    const [name = ''] = path.split(' ');
    return names.includes(name) || /^(--|help)/.test(path);
  });
  if (meant.length > 0) return `Did you mean ${either(meant.map((path) => `${group} ${path}`))}?`;
  return didYouMean(typed, names);
}

/** The hint for a topic that does not exist. */
export function meantTopic(typed: string, names: readonly string[]): string | undefined {
  const paths = Object.hasOwn(commandsByMeaning, typed) ? (commandsByMeaning[typed] ?? []) : [];
  const topics = paths
    .map((path) => path.split(' ').filter((word) => word !== 'help')[0] ?? '')
    .filter((name) => names.includes(name));
  if (topics.length > 0) {
    return `Did you mean ${either([...new Set(topics)].map((name) => `gsac help ${name}`))}?`;
  }
  return didYouMean(typed, names, (name) => `\`gsac help ${name}\``);
}

/** The hint for a flag that does not exist. @param names every spelling of those that do. */
export function meantFlag(typed: string, names: readonly string[]): string | undefined {
  const [flag = ''] = typed.split('=');
  if (Object.hasOwn(flagsByMeaning, flag)) return flagsByMeaning[flag];
  return didYouMean(
    flag,
    names.filter((name) => name.startsWith('--') && flag.startsWith('--')),
  );
}

function either(choices: readonly string[]): string {
  const quoted = choices.map((choice) => `\`${choice}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
