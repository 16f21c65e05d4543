import { Argument, Command, Option } from 'commander';
import type { Provided, Runtime } from '../../cli/runtime.js';
import {
  type EnvironmentFormat,
  environmentFormats,
  renderEnvironment,
} from '../../core/environment-text.js';
import { GsacError } from '../../core/errors.js';
import { shellQuote } from '../../core/shell-quote.js';
import { clean } from '../../terminal/clean.js';
import { findEmulator } from './find.js';

const clients = ['shell', 'node', 'python', 'curl'] as const;

const interceptFormats = [...environmentFormats, 'docker'] as const;

type InterceptFormat = (typeof interceptFormats)[number];

/** A kind of client that the settings are for. */
type ClientKind = (typeof clients)[number];

/** Declares `gsac emulator env`. */
export function emulatorEnvCommand(runtime: Runtime): Command {
  return new Command('env')
    .summary('settings that make other clients use it')
    .description(
      'Print what makes a client use the running emulator: variables for a shell (the default; safe ' +
        'to evaluate), or a short program for Google’s libraries, which must be installed. They ' +
        'contain no secret.',
    )
    .addArgument(
      new Argument('[client]', 'which client')
        .choices([...clients])
        .default('shell')
        .argParser(readKind),
    )
    .option('--intercept', 'the variables by which unchanged programs take it for Google')
    .addOption(
      new Option(
        '--format <format>',
        'the notation of the variables, else that of your shell',
      ).choices([...interceptFormats]),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ eval "$(gsac emulator env --client client_secret.json)"\n  $ gsac emulator env node\n  $ gsac emulator env --intercept --format dotenv > .env.emulator',
    )
    .action((client: ClientKind, _options, inner: Command) => {
      const { intercept, format } = inner.opts<{ intercept?: true; format?: InterceptFormat }>();
      if (intercept) {
        return runtime.stream(inner, async (provided, output) => {
          const { writeInterceptEnvironment } = await import('./intercept-env.js');
          const notation = format ?? provided.context.shell;
          return writeInterceptEnvironment(notation, provided, output);
        });
      }
      if (format === 'docker') {
        throw new GsacError('usage', '--format docker goes with --intercept.');
      }
      if (format !== undefined && client !== 'shell') {
        throw new GsacError('usage', `--format is for variables, not for a ${client} program.`);
      }
      return runtime.run(
        inner,
        (provided) => describe(client, provided, format),
        ({ text }) => text,
      );
    });
}

function readKind(given: string): ClientKind {
  const kind = clients.find((one) => one === given);
  if (kind !== undefined) return kind;
  throw new GsacError('usage', `There are no settings for ${JSON.stringify(given)}.`, {
    hint: `Choose ${clients.slice(0, -1).join(', ')} or ${clients.at(-1)}; shell is for variables, in the notation that --format names.`,
  });
}

/** Finds the emulator and writes the settings. Sends nothing. @throws {GsacError} */
async function describe(
  kind: ClientKind,
  { context }: Pick<Provided, 'context'>,
  format: EnvironmentFormat = context.shell,
) {
  const { origin, clientId = null, clientFile: file = null } = await findEmulator({ context });
  if (file === null && kind !== 'shell') {
    throw new GsacError('usage', `The program for ${kind} needs a client file.`, {
      hint: `Name it with --client or GSAC_CLIENT. \`curl ${origin}/_emulator/client-file\` prints it.`,
    });
  }
  const endpoints = {
    authorization: `${origin}/o/oauth2/v2/auth`,
    token: `${origin}/token`,
    revocation: `${origin}/revoke`,
    tokeninfo: `${origin}/tokeninfo`,
    userinfo: `${origin}/v1/userinfo`,
    jwks: `${origin}/oauth2/v3/certs`,
    certificates: `${origin}/oauth2/v1/certs`,
    drive_discovery: `${origin}/discovery/v1/apis/drive/v3/rest`,
  };
  const environment = environmentOf(origin, file ?? undefined);
  const settings = { origin, file: file ?? 'client_secret.json' };
  const written =
    kind === 'shell' ? renderEnvironment(environment, format) : writers[kind](settings);
  const text = written.split('\n').map(clean).join('\n');
  return {
    result: { origin, client_file: file, client_id: clientId, endpoints, environment, text },
  };
}

/** The variables that make other clients use an emulator. */
export function environmentOf(origin: string, clientFile: string | undefined) {
  const environment: Record<string, string> = {
    ...(clientFile === undefined ? {} : { GSAC_CLIENT: clientFile }),
    GSAC_EMULATOR: origin,
    // oauthlib refuses http, and scopes that come back expanded.
    OAUTHLIB_INSECURE_TRANSPORT: '1',
    OAUTHLIB_RELAX_TOKEN_SCOPE: '1',
    RCLONE_DRIVE_AUTH_URL: `${origin}/o/oauth2/v2/auth`,
    RCLONE_DRIVE_TOKEN_URL: `${origin}/token`,
  };
  return environment;
}

type Settings = { origin: string; file: string };

const writers: Readonly<Record<Exclude<ClientKind, 'shell'>, (settings: Settings) => string>> = {
  node: ({
    origin,
    file,
  }) => `// Needs Google's libraries: npm install googleapis google-auth-library
// Run it with the code of a popup:
//   node <this file>.mjs "$(gsac emulator sign-in --source web-popup)"
import { readFileSync } from 'node:fs';
import { OAuth2Client } from 'google-auth-library';
import { google } from 'googleapis';

const code = process.argv[2];
if (!code) {
  console.error('usage: node <this file>.mjs <code>, from gsac emulator sign-in --source web-popup');
  process.exit(2);
}
const [client] = Object.values(JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8')));
const auth = new OAuth2Client({
  clientId: client.client_id,
  clientSecret: client.client_secret,
  redirectUri: 'postmessage',
  endpoints: {
    oauth2AuthBaseUrl: '${origin}/o/oauth2/v2/auth',
    oauth2TokenUrl: '${origin}/token',
    oauth2RevokeUrl: '${origin}/revoke',
    tokenInfoUrl: '${origin}/tokeninfo',
    oauth2FederatedSignonPemCertsUrl: '${origin}/oauth2/v1/certs',
    oauth2FederatedSignonJwkCertsUrl: '${origin}/oauth2/v3/certs',
  },
});
const { tokens } = await auth.getToken(code);
auth.setCredentials(tokens);
const drive = google.drive({ version: 'v3', auth, rootUrl: '${origin}/' });
console.log((await drive.files.list({ spaces: 'appDataFolder' })).data.files);
`,
  python: ({
    origin,
    file,
  }) => `# Needs Google's libraries: pip install google-auth-oauthlib google-api-python-client
# Set the variables of \`gsac emulator env\` and run it with a code:
#   python3 <this file>.py "$(gsac emulator sign-in)"
import sys

if len(sys.argv) != 2 or not sys.argv[1]:
    print("usage: python3 <this file>.py <code>, from gsac emulator sign-in", file=sys.stderr)
    sys.exit(2)

from google.auth.transport.requests import Request
from google.oauth2 import id_token
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build

scopes = ["openid", "https://www.googleapis.com/auth/drive.appdata"]
flow = Flow.from_client_secrets_file(${JSON.stringify(file)}, scopes, redirect_uri="")
flow.fetch_token(code=sys.argv[1])
claims = id_token.verify_token(
    flow.credentials.id_token, Request(),
    audience=flow.credentials.client_id, certs_url="${origin}/oauth2/v1/certs")
drive = build("drive", "v3", credentials=flow.credentials,
              discoveryServiceUrl="${origin}/discovery/v1/apis/{api}/{apiVersion}/rest")
print(claims["sub"], drive.files().list(spaces="appDataFolder").execute()["files"])
`,
  curl: ({ origin, file }) => `client=$(jq -r '.[].client_id' ${shellQuote(file)})
secret=$(jq -r '.[].client_secret' ${shellQuote(file)})
code=$(gsac emulator sign-in --client ${shellQuote(file)})
token=$(curl -s ${origin}/token -d grant_type=authorization_code -d redirect_uri= \\
  --data-urlencode "code=$code" -d "client_id=$client" --data-urlencode "client_secret=$secret" |
  jq -r .access_token)
curl -s "${origin}/tokeninfo?access_token=$token"
curl -s -H "Authorization: Bearer $token" '${origin}/drive/v3/files?spaces=appDataFolder'
`,
};
