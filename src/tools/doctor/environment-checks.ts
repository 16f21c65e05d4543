import { describeAccount, matchesAccount } from '../../core/account.js';
import { needsSecret } from '../../core/client-config.js';
import { GsacError, systemCodeOf } from '../../core/errors.js';
import {
  type CheckInput,
  type DoctorCheck,
  ok,
  problem,
  refused,
  skipped,
  some,
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

/** Those that it sets for other programs: `gsac emulator env` and `gsac exec` do. */
const givenVariables = [
  'GSAC_EMULATOR',
  'GSAC_INTERCEPT_HOST',
  'GSAC_ACCESS_TOKEN',
  'GSAC_ACCESS_TOKEN_FILE',
];

/** What can be wrong with Node and with the variables that gsac, Node and the network read. */
export const environmentChecks: readonly DoctorCheck[] = [
  {
    id: 'node',
    looksAt: 'Whether this Node runs gsac: 20.19 or later.',
    examine({ machine }) {
      const [major = 0, minor = 0] = machine.nodeVersion.split('.').map(Number);
      return major > 20 || (major === 20 && minor >= 19)
        ? ok(`Node ${machine.nodeVersion}.`)
        : problem(
            `Node ${machine.nodeVersion} is too old.`,
            'Install Node 20.19 or later, best the newest LTS: https://nodejs.org.',
          );
    },
  },
  {
    id: 'client-file',
    looksAt:
      'Whether the OAuth client that is named can be read, is of the right kind, and is Google’s.',
    async examine({ context, client }) {
      const { clientFile, clientId } = context.globals;
      const { client: config, error, endpoints } = await client();
      if (error !== undefined) return refused(error, 'Name another with --client.');
      if (clientFile === undefined) {
        return clientId === undefined
          ? skipped('None is named; `gsac exchange` needs one (--client or GSAC_CLIENT).')
          : ok(`Named by its ID: ${clientId}.`);
      }
      const where = endpoints.origin === null ? 'Google’s endpoints' : endpoints.origin;
      const facts = { client_id: config?.clientId ?? null, token_uri: config?.tokenUri ?? null };
      if (config?.type === 'installed') {
        return warning(
          `${clientFile} is a client for desktop apps, which exchanges no code of a phone.`,
          'Download the client of type "Web application" from the Cloud console, Clients.',
          facts,
        );
      }
      if (config?.clientSecret === undefined && context.globals.clientSecret === undefined) {
        return problem(
          `${clientFile} has no client_secret.`,
          'Set GSAC_CLIENT_SECRET, or make a new secret in the Cloud console (Clients). Download the file while it is shown.',
          facts,
        );
      }
      return ok(`${config?.clientId} (${config?.type}), with ${where}.`, facts);
    },
  },
  {
    id: 'account',
    looksAt: 'Whether the account that --account or GSAC_ACCOUNT names is there.',
    async examine({ context, accounts, listing }) {
      const { account } = context.globals;
      if (account === undefined) return skipped('None is named.');
      const stored = (await listing()).accounts;
      // That those of the environment cannot be read is for another check to say.
      const given = await accounts.environmentAccount().catch(() => undefined);
      const known = given === undefined ? stored : [...stored, given.account];
      const found = known.find((one) => matchesAccount(one, account));
      return found === undefined
        ? problem(
            `No account ${account} is stored.`,
            known.length === 0
              ? 'Exchange a code first: `gsac exchange`; or unset GSAC_ACCOUNT.'
              : `Unset GSAC_ACCOUNT or name one of: ${some(known.map(describeAccount), 5)}.`,
          )
        : ok(`${describeAccount(found)} is there.`);
    },
  },
  {
    id: 'env-credentials',
    looksAt: 'Whether credentials in the environment can be used.',
    async examine({ context, accounts }) {
      try {
        const found = await accounts.environmentAccount();
        if (found !== undefined) {
          return ok(`${found.from} has those of ${describeAccount(found.account)}.`);
        }
      } catch (thrown) {
        if (!(thrown instanceof GsacError)) throw thrown;
        return refused(thrown, 'Unset GSAC_CREDENTIALS.');
      }
      return context.globals.store === 'env'
        ? problem(
            'The store is the environment, which has no credentials.',
            'Set GSAC_CREDENTIALS, or GSAC_CLIENT_ID, GSAC_CLIENT_SECRET and GSAC_REFRESH_TOKEN.',
          )
        : skipped('There are none.');
    },
  },
  {
    id: 'env-override',
    looksAt: 'Whether credentials in the environment go before stored accounts, or are ignored.',
    async examine({ context, machine: { env }, listing }) {
      const names = ['GSAC_CREDENTIALS', 'GSAC_REFRESH_TOKEN'].filter((name) => env[name]);
      const [first, second] = names;
      if (first === undefined) return ok('Nothing goes before the stored accounts.');
      if (second !== undefined) {
        return warning(
          `${first} and ${second} are both set; ${first} is used.`,
          `Unset ${second}.`,
        );
      }
      const { store } = context.globals;
      if (store !== undefined && store !== 'env') {
        return warning(
          `${first} is set and not used, since the store is said to be ${store}.`,
          `Unset ${first}, or leave out --store and GSAC_STORE.`,
        );
      }
      const { accounts } = await listing();
      return accounts.length > 0 && store === undefined
        ? warning(
            `${first} goes before the ${accounts.length === 1 ? 'stored account' : `${accounts.length} stored accounts`}.`,
            `Unset ${first}, or name the store: --store ${accounts[0]?.store}.`,
          )
        : ok(`${first} is used.`);
    },
  },
  {
    id: 'env-client',
    looksAt: 'Whether the variables that name the client contradict each other.',
    async examine({ context, machine: { env }, client }) {
      if (env['GSAC_CLIENT'] && env['GSAC_CLIENT_ID'] && !env['GSAC_REFRESH_TOKEN']) {
        return warning(
          'GSAC_CLIENT and GSAC_CLIENT_ID are both set; the file is used.',
          'Unset one of them.',
        );
      }
      const { clientId, clientFile } = context.globals;
      const hasId = clientId !== undefined || Boolean(env['GSAC_CLIENT_ID']);
      const { client: config } = await client();
      const fills =
        config !== undefined && config.clientSecret === undefined && needsSecret(config);
      if (env['GSAC_CLIENT_SECRET'] && !hasId && !fills) {
        const used = clientFile === undefined ? 'no client ID' : 'a client file, which has its own';
        return warning(
          `GSAC_CLIENT_SECRET is set and not used: there is ${used}.`,
          'Unset it, or set GSAC_CLIENT_ID and unset GSAC_CLIENT.',
        );
      }
      return ok('They agree.');
    },
  },
  {
    id: 'env-key',
    looksAt: 'Whether one key is given for the file store, and not two.',
    examine: ({ machine: { env } }) =>
      env['GSAC_PASSPHRASE'] && env['GSAC_FILE_KEY']
        ? warning(
            'GSAC_PASSPHRASE and GSAC_FILE_KEY are both set; a store takes the one it was made with.',
            'Unset the other.',
          )
        : ok('At most one is given.'),
  },
  {
    id: 'env-unknown',
    looksAt: 'Whether a variable looks like one of gsac’s and is none.',
    examine({ machine: { env } }) {
      const known = new Set([...ownVariables, ...givenVariables]);
      const unknown = Object.keys(env).filter(
        (name) => name.startsWith('GSAC_') && env[name] !== undefined && !known.has(name),
      );
      return unknown.length === 0
        ? ok('All are known.')
        : warning(
            `gsac does not read ${some(unknown)}.`,
            `Mistyped? There are ${ownVariables.join(', ')}.`,
          );
    },
  },
  {
    id: 'tls-verification',
    looksAt: 'Whether certificates are checked at all.',
    examine: ({ machine: { env } }) =>
      env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
        ? problem(
            'NODE_TLS_REJECT_UNAUTHORIZED=0: no certificate is checked, so anybody in between can read every token.',
            'Unset it; where a proxy inspects TLS, put its authority into NODE_EXTRA_CA_CERTS.',
          )
        : ok('Certificates are checked.'),
  },
  {
    id: 'ca-certificates',
    looksAt: 'Whether the authorities that are added to Node’s own can be read.',
    examine(input) {
      const { env } = input.machine;
      const extra = env['NODE_EXTRA_CA_CERTS'];
      if (extra) return examineExtra(input, extra);
      const unread = ['SSL_CERT_FILE', 'SSL_CERT_DIR'].filter((name) => env[name]);
      const options = `${env['NODE_OPTIONS'] ?? ''}`;
      if (unread.length > 0 && !/--use-(openssl|system)-ca/.test(options)) {
        return warning(
          `Node does not read ${unread.join(' and ')}.`,
          'Set NODE_EXTRA_CA_CERTS to the file, or NODE_OPTIONS=--use-openssl-ca.',
        );
      }
      return ok('Node’s own authorities, or OpenSSL’s.');
    },
  },
  {
    id: 'logging',
    looksAt: 'Whether a variable makes Node or Google’s library print tokens.',
    examine({ machine: { env } }) {
      const sections = (env['NODE_DEBUG'] ?? '').toLowerCase().split(',');
      const leaking = sections.filter((one) =>
        /^(https?|http2|net|tls|undici|fetch|.*\*.*)$/.test(one.trim()),
      );
      if (leaking.length > 0) {
        return problem(
          `NODE_DEBUG=${leaking.join(',')}: Node prints requests with their tokens on stderr.`,
          'Unset NODE_DEBUG; `gsac --trace` shows requests with their secrets masked.',
        );
      }
      return env['GOOGLE_SDK_NODE_LOGGING']
        ? warning(
            'GOOGLE_SDK_NODE_LOGGING makes Google’s libraries print tokens; not in gsac, but in other programs.',
            'Unset GOOGLE_SDK_NODE_LOGGING.',
          )
        : ok('Nothing of the kind is set.');
    },
  },
];

async function examineExtra({ machine }: CheckInput, path: string) {
  const fix = 'Set NODE_EXTRA_CA_CERTS to a PEM file, or unset it; Node ignores it as it is.';
  try {
    const text = await machine.readText(path);
    return text.includes('-----BEGIN CERTIFICATE-----')
      ? ok(`NODE_EXTRA_CA_CERTS adds those of ${path}.`)
      : problem(`NODE_EXTRA_CA_CERTS names ${path}, which holds no PEM certificate.`, fix);
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? 'unknown'})`;
    return problem(`NODE_EXTRA_CA_CERTS names ${path}, which ${reason}.`, fix);
  }
}
