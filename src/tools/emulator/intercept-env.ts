import { dirname } from 'node:path';
import type { Output, Provided } from '../../cli/runtime.js';
import { type EnvironmentFormat, renderEnvironment } from '../../core/environment-text.js';
import { GsacError } from '../../core/errors.js';
import { shellQuote } from '../../core/shell-quote.js';
import { toChildEnvironment } from '../../intercept/child-environment.js';
import { findRuns, type RunNote } from '../../intercept/run-folder.js';
import { clean } from '../../terminal/clean.js';
import { findEmulator } from './find.js';

type Intercepting = RunNote & Required<Pick<RunNote, 'origin' | 'places' | 'env'>>;

/**
 * Writes the variables by which programs take a running emulator for Google.
 *
 * @throws {GsacError} `usage` if none runs that can be taken for it.
 */
export async function writeInterceptEnvironment(
  format: EnvironmentFormat | 'docker',
  provided: Pick<Provided, 'context' | 'system'>,
  output: Output,
): Promise<0> {
  const { system } = provided;
  const run = await findRun(provided);
  if (format === 'docker') {
    await output.write(renderForDocker(run));
    return 0;
  }
  const env = {
    ...toChildEnvironment({ env: system.env, platform: system.platform, ...run.places }),
    ...run.env,
  };
  await output.write(renderEnvironment(env, output.globals.json ? 'json' : format));
  return 0;
}

/** The only one, unless --client names another; of several, the one that all other commands find. */
async function findRun({
  context,
  system,
}: Pick<Provided, 'context' | 'system'>): Promise<Intercepting> {
  const runs = findRuns(system).filter(isIntercepting);
  const [only, another] = runs;
  const isNamed = context.globals.clientFlag !== undefined;
  if (only !== undefined && another === undefined && !isNamed) return only;
  if (only === undefined) {
    throw new GsacError(
      'usage',
      'No emulator that answers for Google’s own addresses is running.',
      {
        hint: 'Start one with `gsac emulator start --intercept`.',
      },
    );
  }
  const { origin } = await findEmulator({ context });
  const found = runs.find((run) => run.origin === origin);
  if (found !== undefined) return found;
  throw new GsacError('usage', `The emulator at ${origin} was started without --intercept.`, {
    hint: 'Start it with `gsac emulator start --intercept`.',
  });
}

function isIntercepting(run: RunNote): run is Intercepting {
  return run.origin !== undefined && run.places !== undefined && run.env !== undefined;
}

/** A host's name, inside a container, for the machine that it runs on. */
const dockerHost = 'host.docker.internal';

/**
 * An env file for a container, which finds the same files at the same place. Where the proxy listens on
 * loopback only, the container has to share this machine's network.
 */
function renderForDocker({ places, env, password, host = '127.0.0.1' }: Intercepting): string {
  const isShared = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const name = isShared ? places.proxy.host : dockerHost;
  const proxy = { ...places.proxy, host: name, password: isShared ? undefined : password };
  const { GSAC_EMULATOR: origin = '', ...rest } = env;
  const emulator = new URL(origin);
  if (!isShared) Object.assign(emulator, { hostname: name, username: 'gsac', password });
  const inside = {
    ...toChildEnvironment({ env: {}, platform: 'linux', proxy, files: places.files }),
    ...rest,
    GSAC_EMULATOR: emulator.href.replace(/\/$/, ''),
    ...(isShared ? {} : { GSAC_INTERCEPT_HOST: name }),
  };
  const folder = dirname(places.files.bundle);
  const network = isShared ? '--network host' : `--add-host ${dockerHost}:host-gateway`;
  return [
    `# docker run --env-file <this file> -v ${shellQuote(`${folder}:${folder}:ro`)} ${network} …`,
    ...Object.entries(inside).map(([variable, value]) => `${variable}=${value}`),
    '',
  ]
    .map(clean)
    .join('\n');
}
