import {
  type AccountRecord,
  type Credential,
  lastingRefusals,
  type RefusedRefresh,
} from '../core/account.js';
import { type AuthorizedUser, parseAuthorizedUser } from '../core/authorized-user.js';
import { GsacError } from '../core/errors.js';
import type { Services } from '../wiring.js';
import { importCommand } from './import-command.js';
import type { OpenAccount } from './open-account.js';
import { writeAlone } from './write-alone.js';

/**
 * What to throw for a refresh that failed. One that Google refused for good is remembered with the
 * account until a later one goes well, and its hint names the rescue file of the same account where
 * there is one: a newer token may lie in it. Any other failure is returned as it is.
 */
export async function explainRefusal(
  services: Services,
  opened: OpenAccount,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof GsacError)) return thrown;
  const code = lastingRefusals.find((lasting) => lasting === thrown.code);
  if (code === undefined) return thrown;
  const path =
    code === 'invalid_grant'
      ? await findRescueFile(services, opened).catch(() => undefined)
      : undefined;
  const error =
    path === undefined ? thrown : withRescueFile(services, opened.account, thrown, path);
  const { message, hint } = error;
  const refused = { at: services.now(), code, message, ...(hint === undefined ? {} : { hint }) };
  // A convenience: a disk that cannot take it must not hide what Google said.
  await remember(services, opened, refused).catch(() => undefined);
  return error;
}

async function remember(
  services: Services,
  { account, store, credential }: OpenAccount,
  refused: RefusedRefresh,
): Promise<void> {
  if (store.readOnly) return;
  await writeAlone(services, account.key, async (index) => {
    const known = await index.get(account.key);
    // Meanwhile the account may have been forgotten, or have got the token of a new sign-in.
    const current = await store.read(account.key);
    if (known === undefined || current?.refreshToken !== credential.refreshToken) return;
    await index.put({ ...known, refused });
  });
}

/** The newest rescue file that holds another refresh token of the same account. */
async function findRescueFile(
  services: Services,
  { account, credential }: OpenAccount,
): Promise<string | undefined> {
  const machine = await services.machine();
  const found = machine.rescueFiles().flatMap((path) => {
    const user = readRescueFile(path, machine.readRescueFile);
    const fits = user !== undefined && isOf(user, account) && isOther(user, credential);
    return fits ? [{ path, issuedAt: user.issuedAt ?? 0 }] : [];
  });
  return found.sort((one, other) => other.issuedAt - one.issuedAt)[0]?.path;
}

function readRescueFile(path: string, read: (path: string) => string): AuthorizedUser | undefined {
  try {
    const user = parseAuthorizedUser(read(path), path);
    return user.rescue ? user : undefined;
  } catch {
    // One whose writing was cut off, or that somebody else wrote.
    return undefined;
  }
}

function isOf(user: AuthorizedUser, { clientId, sub, email }: AccountRecord): boolean {
  return user.clientId === clientId && (user.sub ?? null) === sub && (user.email ?? null) === email;
}

function isOther(user: AuthorizedUser, { refreshToken }: Credential): boolean {
  return user.refreshToken !== refreshToken;
}

function withRescueFile(
  services: Services,
  account: AccountRecord,
  { code, message, details }: GsacError,
  path: string,
): GsacError {
  const then = account.store === 'env' ? 'unset the credentials in the environment' : 'try again';
  return new GsacError(code, message, {
    hint: `A newer token that no store would take was saved in ${path}: run \`${importCommand(services, path, account)}\`, then ${then}. If that one is dead, too, sign in again and exchange the new code.`,
    details: { ...details, rescue_file: path },
  });
}
