import { describeAccount, matchesAccount, nameAccounts } from '../../core/account.js';
import { needsSecret } from '../../core/client-config.js';
import { some } from '../../core/counting.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import {
  type CheckInput,
  type DoctorCheck,
  ok,
  problem,
  refused,
  skipped,
  warning,
} from './check.js';

/** The variables that gsac reads. */
const ownVariables = [
  'GSAC_HOME',
  'GSAC_STORE',
  'GSAC_ACCOUNT',
  'GSAC_CLIENT',
  'GSAC_CLIENT_ID',
  'GSAC_CLIENT_SECRET',
  'GSAC_PASSPHRASE',
  'GSAC_FILE_KEY',
  'GSAC_CREDENTIALS',
  'GSAC_REFRESH_TOKEN',
];

/** The variables that `gsac emulator env` and `gsac exec` set for other programs. */
const givenVariables = [
  'GSAC_EMULATOR',
  'GSAC_INTERCEPT_HOST',
  'GSAC_ACCESS_TOKEN',
  'GSAC_ACCESS_TOKEN_FILE',
];

/** When each line of Node gets its last fixes. @see https://github.com/nodejs/release#release-schedule */
const endsOfNode: Readonly<Record<number, string>> = {
  20: '2026-04-30',
  21: '2024-06-01',
  22: '2027-04-30',
  23: '2025-06-01',
  24: '2028-04-30',
  25: '2026-06-01',
};

/** What can be wrong with Node and with the variables that gsac, Node and the network read. */
export const environmentChecks: readonly DoctorCheck[] = [
  {
    id: 'node',
    looksAt: 'Whether this Node runs gsac: 20.19 or later.',
    examine({ context, machine: { nodeVersion } }) {
      const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
      if (major < 20 || (major === 20 && minor < 19)) {
        return problem(
          `Node ${nodeVersion} is too old.`,
          'Install Node 20.19 or later, preferably the newest LTS: https://nodejs.org.',
        );
      }
      const end = endsOfNode[major];
      return end === undefined || context.now() < Date.parse(end)
        ? ok(`Node ${nodeVersion}.`)
        : ok(
            `Node ${nodeVersion}. gsac supports it, but Node ${major} has had no security fixes since ${end}: move to the newest LTS when you can.`,
            { end_of_life: end },
          );
    },
  },
  {
    id: 'client-file',
    looksAt:
      'Whether the OAuth client that you named can be read, is of the right kind, and is Google’s.',
    async examine({ context, client }) {
      const { clientFile, clientId } = context.globals;
      const { client: config, error, endpoints } = await client();
      if (error !== undefined) return refused(error, 'Name another client with --client.');
      if (clientFile === undefined) {
        return clientId === undefined
          ? skipped('You named no client; `gsac exchange` needs one (--client or GSAC_CLIENT).')
          : ok(`You named the client by its ID: ${clientId}.`);
      }
      const where = endpoints.origin === null ? 'Google’s endpoints' : endpoints.origin;
      const facts = { client_id: config?.clientId ?? null, token_uri: config?.tokenUri ?? null };
      if (config?.type === 'installed') {
        return warning(
          `${clientFile} is a desktop client, which cannot exchange a phone’s code.`,
          'Download the file of the "Web application" client from the Cloud console, Clients.',
          facts,
        );
      }
      if (config?.clientSecret === undefined && context.globals.clientSecret === undefined) {
        return problem(
          `${clientFile} has no client_secret.`,
          'Set GSAC_CLIENT_SECRET, or create a new secret in the Cloud console (Clients) and download the file while the secret is shown.',
          facts,
        );
      }
      return ok(`${config?.clientId} (${config?.type}), with ${where}.`, facts);
    },
  },
  {
    id: 'account',
    looksAt: 'Whether the account that --account or GSAC_ACCOUNT names is stored.',
    async examine({ context, accounts, listing, client }) {
      const { account, clientFrom, clientId = (await client()).client?.clientId } = context.globals;
      if (account === undefined) return skipped('You named no account.');
      const stored = (await listing()).accounts;
      // Another check says that those of the environment cannot be read.
      const given = await accounts.environmentAccount().catch(() => undefined);
      const known = given === undefined ? stored : [...stored, given.account];
      const nameOf = nameAccounts(known);
      const found = known.filter((one) => matchesAccount(one, account));
      const usable = found.find((one) => clientId === undefined || one.clientId === clientId);
      if (usable !== undefined) return ok(`${nameOf(usable.key)} is stored.`);
      if (found.length > 0) {
        return problem(
          `${account} is stored, but not for the client that ${clientFrom} names.`,
          'Name its own client, or an account of this one; see `gsac accounts`.',
        );
      }
      return problem(
        `No account ${account} is stored.`,
        known.length === 0
          ? 'Exchange a code first (`gsac exchange`), or unset GSAC_ACCOUNT.'
          : `Unset GSAC_ACCOUNT, or name one of these: ${some(
              known.map(({ key }) => nameOf(key)),
              5,
            )}.`,
      );
    },
  },
  {
    id: 'env-credentials',
    looksAt: 'Whether credentials in the environment can be used.',
    async examine({ context, accounts }) {
      const { store } = context.globals;
      try {
        const found = await accounts.environmentAccount();
        if (found !== undefined) {
          return ok(`${found.from} holds the credentials of ${describeAccount(found.account)}.`);
        }
        // That store says itself that it has none.
        if (store === 'env') await accounts.store(store);
        return skipped('The environment holds no credentials.');
      } catch (thrown) {
        if (!(thrown instanceof GsacError)) throw thrown;
        const isUnused = 'variables' in thrown.details && store !== undefined && store !== 'env';
        return isUnused ? skipped(thrown.message) : refused(thrown, 'Unset GSAC_CREDENTIALS.');
      }
    },
  },
  {
    id: 'env-override',
    looksAt: 'Whether credentials in the environment override stored accounts, or are ignored.',
    async examine({ context, machine: { env }, listing }) {
      const names = ['GSAC_CREDENTIALS', 'GSAC_REFRESH_TOKEN'].filter((name) => env[name]);
      const [first, second] = names;
      if (first === undefined) return ok('Nothing overrides the stored accounts.');
      if (second !== undefined) {
        return warning(
          `${first} and ${second} are both set; gsac uses ${first}.`,
          `Unset ${second}.`,
        );
      }
      const { store } = context.globals;
      if (store !== undefined && store !== 'env') {
        return warning(
          `${first} is set, but gsac does not use it, because you chose the store ${store}.`,
          `Unset ${first}, or drop --store and GSAC_STORE.`,
        );
      }
      const { accounts } = await listing();
      return accounts.length > 0 && store === undefined
        ? warning(
            `${first} overrides the ${accounts.length === 1 ? 'stored account' : `${accounts.length} stored accounts`}.`,
            `Unset ${first}, or name the store: --store ${accounts[0]?.store}.`,
          )
        : ok(`gsac uses ${first}.`);
    },
  },
  {
    id: 'env-client',
    looksAt: 'Whether the variables that name the client contradict each other.',
    async examine({ context, machine: { env }, client }) {
      if (env['GSAC_CLIENT'] && env['GSAC_CLIENT_ID'] && !env['GSAC_REFRESH_TOKEN']) {
        return warning(
          'GSAC_CLIENT and GSAC_CLIENT_ID are both set; gsac uses the file.',
          'Unset one of them.',
        );
      }
      const { clientId, clientFile } = context.globals;
      const hasId = clientId !== undefined || Boolean(env['GSAC_CLIENT_ID']);
      const { client: config } = await client();
      const fills =
        config !== undefined && config.clientSecret === undefined && needsSecret(config);
      if (env['GSAC_CLIENT_SECRET'] && !hasId && !fills) {
        const why =
          clientFile === undefined
            ? 'there is no client ID'
            : 'the client file has a secret of its own';
        return warning(
          `GSAC_CLIENT_SECRET is set, but gsac does not use it: ${why}.`,
          'Unset it, or set GSAC_CLIENT_ID and unset GSAC_CLIENT.',
        );
      }
      return ok('The variables agree.');
    },
  },
  {
    id: 'env-key',
    looksAt: 'Whether you gave the file store two keys.',
    examine: ({ machine: { env } }) =>
      env['GSAC_PASSPHRASE'] && env['GSAC_FILE_KEY']
        ? warning(
            'GSAC_PASSPHRASE and GSAC_FILE_KEY are both set; a store takes only the one that it was created with.',
            'Unset the other.',
          )
        : ok('At most one key is set.'),
  },
  {
    id: 'env-unknown',
    looksAt: 'Whether a variable looks like one of gsac’s but is not.',
    examine({ machine: { env } }) {
      const known = new Set([...ownVariables, ...givenVariables]);
      const unknown = Object.keys(env).filter(
        (name) => name.startsWith('GSAC_') && env[name] !== undefined && !known.has(name),
      );
      return unknown.length === 0
        ? ok('gsac knows every GSAC_ variable that is set.')
        : warning(
            `gsac does not read ${some(unknown)}.`,
            `Check the spelling. gsac reads ${ownVariables.join(', ')}.`,
          );
    },
  },
  {
    id: 'tls-verification',
    looksAt: 'Whether Node checks certificates.',
    examine: ({ machine: { env } }) =>
      env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
        ? problem(
            'NODE_TLS_REJECT_UNAUTHORIZED=0 turns certificate checks off in Node programs, so anyone in between can read their tokens. gsac itself checks certificates all the same.',
            'Unset it. If a proxy inspects TLS, name its CA certificate in NODE_EXTRA_CA_CERTS.',
          )
        : ok('Node checks certificates.'),
  },
  {
    id: 'ca-certificates',
    looksAt: 'Whether Node can read the CA certificates that you added.',
    examine(input) {
      const { env } = input.machine;
      const extra = env['NODE_EXTRA_CA_CERTS'];
      if (extra) return examineExtra(input, extra);
      const unread = ['SSL_CERT_FILE', 'SSL_CERT_DIR'].filter((name) => env[name]);
      const options = `${env['NODE_OPTIONS'] ?? ''}`;
      if (unread.length > 0 && !/--use-(openssl|system)-ca/.test(options)) {
        return warning(
          `Node does not read ${unread.join(' and ')}.`,
          'Set NODE_EXTRA_CA_CERTS to the file, or set NODE_OPTIONS=--use-openssl-ca.',
        );
      }
      return ok('Node uses its own CA certificates, or OpenSSL’s.');
    },
  },
  {
    id: 'logging',
    looksAt: 'Whether a variable makes Node or Google’s libraries print tokens.',
    examine({ machine: { env } }) {
      const sections = (env['NODE_DEBUG'] ?? '').toLowerCase().split(',');
      const leaking = sections.filter((one) =>
        /^(https?|http2|net|tls|undici|fetch|.*\*.*)$/.test(one.trim()),
      );
      if (leaking.length > 0) {
        return problem(
          `NODE_DEBUG=${leaking.join(',')} makes Node print requests with their tokens on stderr.`,
          'Unset NODE_DEBUG. `gsac --trace` shows requests with their secrets masked.',
        );
      }
      return env['GOOGLE_SDK_NODE_LOGGING']
        ? warning(
            'GOOGLE_SDK_NODE_LOGGING makes Google’s libraries print tokens in other programs; gsac is not affected.',
            'Unset GOOGLE_SDK_NODE_LOGGING.',
          )
        : ok('No such variable is set.');
    },
  },
];

async function examineExtra({ machine }: CheckInput, path: string) {
  const fix = 'Set NODE_EXTRA_CA_CERTS to a PEM file, or unset it; as it is, Node ignores it.';
  try {
    const text = await machine.readText(path);
    return text.includes('-----BEGIN CERTIFICATE-----')
      ? ok(`NODE_EXTRA_CA_CERTS adds the CA certificates in ${path}.`)
      : problem(`NODE_EXTRA_CA_CERTS names ${path}, which holds no PEM certificate.`, fix);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown'})`;
    return problem(`NODE_EXTRA_CA_CERTS names ${path}, which ${reason}.`, fix);
  }
}
