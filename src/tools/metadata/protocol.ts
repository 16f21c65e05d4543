import { missingScopes, parseScopes } from '../../core/scopes.js';

/** The account as the metadata server shows it: as the default service account of a machine. */
export interface MetadataAccount {
  /** What libraries show as the account's address. */
  email: string;
  scopes: readonly string[];
  projectId: string;
  /** A token that lives long enough, and its whole seconds left. @throws what a refresh throws. */
  token(): Promise<{ accessToken: string; expiresInSeconds: number }>;
}

/** What is answered; the flavor header is the server's. */
export interface MetadataAnswer {
  status: number;
  type: 'application/json' | 'application/text';
  body: string;
}

/** A directory, a value or a list of values, or what is made when it is asked for. */
type Node =
  | string
  | readonly string[]
  | ((query: URLSearchParams) => Promise<MetadataAnswer>)
  | Tree;
interface Tree {
  readonly [name: string]: Node;
}

/**
 * Answers a GET of a path below `/computeMetadata/v1/`, as far as Google's client libraries ask.
 *
 * @see https://cloud.google.com/compute/docs/metadata/querying-metadata
 */
export async function answerMetadata(
  path: string,
  query: URLSearchParams,
  account: MetadataAccount,
): Promise<MetadataAnswer> {
  let node: Node | undefined = toTree(account);
  for (const name of path.split('/').filter((part) => part !== '')) {
    node = isTree(node) && Object.hasOwn(node, name) ? node[name] : undefined;
  }
  if (node === undefined) return text(404, `gsac's metadata server has no ${path}.`);
  if (typeof node === 'function') return node(query);
  const asJson = query.get('alt') === 'json' || (isTree(node) && query.get('recursive') === 'true');
  if (asJson) return json(toJson(node));
  if (!isTree(node)) return text(200, typeof node === 'string' ? node : node.join('\n'));
  const names = Object.entries(node).map(([name, inner]) => (isTree(inner) ? `${name}/` : name));
  return text(200, `${names.join('\n')}\n`);
}

function toTree(account: MetadataAccount): Tree {
  const { email, scopes, projectId } = account;
  const serviceAccount: Tree = {
    aliases: ['default'],
    email,
    identity: async () =>
      text(
        403,
        'gsac cannot issue ID tokens: a person’s account has none for an audience of your choice. `gsac claims --json` shows the one from the sign-in.',
      ),
    scopes,
    token: (query) => answerToken(query, account),
  };
  return {
    instance: { 'service-accounts': { default: serviceAccount, [email]: serviceAccount } },
    project: { 'project-id': projectId },
    universe: { 'universe-domain': 'googleapis.com' },
  };
}

async function answerToken(
  query: URLSearchParams,
  account: MetadataAccount,
): Promise<MetadataAnswer> {
  const missing = missingScopes(parseScopes(query.get('scopes') ?? ''), account.scopes);
  if (missing.length > 0) {
    return text(
      403,
      `${account.email} has not granted ${missing.join(', ')}. Ask for these scopes only: ${account.scopes.join(', ')}; or sign in again with the others.`,
    );
  }
  const { accessToken, expiresInSeconds } = await account.token();
  return json({
    access_token: accessToken,
    expires_in: expiresInSeconds,
    token_type: 'Bearer',
  });
}

function isTree(node: Node | undefined): node is Tree {
  return typeof node === 'object' && !Array.isArray(node);
}

/** The values below a directory, with the names that JSON has in this protocol: `serviceAccounts`. */
function toJson(node: Node): unknown {
  if (!isTree(node)) return node;
  const entries = Object.entries(node).filter(([, inner]) => typeof inner !== 'function');
  const nameOf = (name: string) =>
    name.includes('@')
      ? name
      : name.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
  return Object.fromEntries(entries.map(([name, inner]) => [nameOf(name), toJson(inner)]));
}

function json(value: unknown): MetadataAnswer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

function text(status: number, body: string): MetadataAnswer {
  return { status, type: 'application/text', body };
}
