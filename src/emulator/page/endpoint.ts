import type { Hono } from 'hono';
import { Feed } from '../../page/feed.js';
import type { AdminParts } from '../admin-endpoint.js';
import { FAULT_GROUPS } from '../faults/faults.js';
import { COMMON_PARAMETERS, listParameters } from '../faults/parameters.js';
import type { Call } from '../http/call.js';
import type { EmulatorEnv, EmulatorParts } from '../http/emulator-parts.js';
import { parseJsonObject } from '../http/json.js';
import { isForGoogle } from '../http/paths.js';
import { type DriveFile, fileContent } from '../state/drive-store.js';
import { Exchanges } from './exchanges.js';
import { describeState } from './page-state.js';
import { createRows, type Explain } from './rows.js';

/** What the page shows of gsac's, which the emulator knows nothing of. */
export interface PageParts {
  readonly explain?: Explain | undefined;
  /** What leads other clients here, in several notations. */
  readonly environment?: (
    origin: string,
  ) => readonly { readonly name: string; readonly text: string }[];
}

const mostFiles = 200;
const mostShown = 65_536;
const mostDrawn = 1_000;

/** Adds the page and what it alone reads, and returns what keeps its exchanges. */
export function addPage(
  app: Hono<EmulatorEnv>,
  { state, origin }: EmulatorParts,
  { faults, log, time }: AdminParts,
  { explain, environment }: PageParts,
): Exchanges {
  const exchanges: Exchanges = new Exchanges(() => feed.isRead);
  const feed = new Feed({
    rows: createRows({ log, exchanges, explain }),
    state: () => ({ origin: origin(), ...describeState(state, faults, time) }),
    pulse: () => ({ now: new Date(time.now()).toISOString() }),
  });
  app.get('/', async (c, next) => {
    if (isForGoogle(c.env.call)) return next();
    const { renderPage } = await import('../../page/page.js');
    const { html, headers } = renderPage('emulator');
    return new Response(html, { headers });
  });
  app.get('/_emulator/page/events', async () => {
    const { feedHeaders } = await import('../../page/page.js');
    return new Response(feed.open(), { headers: feedHeaders });
  });
  app.get('/_emulator/page/about', () =>
    json({
      faults: listFaults(),
      environment: environment?.(origin()) ?? [
        { name: 'sh', text: `export GSAC_EMULATOR=${origin()}\n` },
      ],
    }),
  );
  app.get('/_emulator/page/files', ({ env: { call } }) => json(listFiles(call)));
  app.post('/_emulator/page/qr', async ({ env: { call } }) => {
    const text = parseJsonObject(call.body)?.['text'];
    if (typeof text !== 'string' || text === '' || text.length > mostDrawn) {
      const words = `Send a "text" of at most ${mostDrawn} characters.`;
      return json({ error: 'invalid_request', error_description: words }, 400);
    }
    const { encode } = await import('uqr');
    const { data } = encode(text, { border: 4 });
    return json({ rows: data.map((row) => row.map(Number).join('')) });
  });

  function listFiles({ query }: Call): object {
    const user = state.findUser(query.get('user') ?? '');
    const project = query.get('project') ?? '';
    // Nothing is opened by looking.
    if (user === undefined || !state.drive.has(user, project)) return { files: [] };
    const { files } = state.drive.folder(user, project);
    const id = query.get('id');
    const one = files.get(id ?? '');
    if (one !== undefined) {
      const content = fileContent(one);
      const text = content.subarray(0, mostShown).toString();
      return { ...describe(one), text, is_cut: content.length > mostShown };
    }
    return { files: [...files.values()].slice(-mostFiles).reverse().map(describe) };
  }
  return exchanges;
}

function describe(file: DriveFile): object {
  const { id, name, mimeType, space, modifiedAt } = file;
  return {
    id,
    name,
    mime_type: mimeType,
    space,
    size: fileContent(file).length,
    modified_at: new Date(modifiedAt).toISOString(),
  };
}

function listFaults(): object {
  return {
    common: listParameters(COMMON_PARAMETERS),
    groups: FAULT_GROUPS.map(({ title, faults }) => ({
      title,
      faults: faults.map(({ name, summary, detail, answers, times = 1, parameters }) => ({
        name,
        summary: detail === undefined ? summary : `${summary} ${detail}`,
        answers: answers ?? null,
        times,
        parameters: listParameters(parameters),
      })),
    })),
  };
}

function json(body: object, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });
}
