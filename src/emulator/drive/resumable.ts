import type { Call } from '../http/call.js';
import type { EmulatorParts } from '../http/emulator-parts.js';
import { isForGoogle } from '../http/paths.js';
import type { DriveFile } from '../state/drive-store.js';
import type { DriveAccess } from './access.js';
import { badRequest, uploadNotFound } from './errors.js';
import { applyChange, readMetadata } from './upload.js';

const MOST_SESSIONS = 1000;
const GRANULARITY = 262_144;

interface Session {
  readonly id: string;
  readonly access: DriveAccess;
  /** The file that is replaced; absent for a new one. */
  readonly file: DriveFile | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly mimeType: string;
  readonly chunks: Buffer[];
  received: number;
}

/** What one request adds to an upload. */
interface Step {
  readonly kind: 'append' | 'query' | 'finish' | 'cancel';
  /** Where its bytes begin; undefined where the request does not say. */
  readonly offset?: number | undefined;
  /** The whole size, where it is known. */
  readonly total?: number | undefined;
}

/**
 * Uploads in several requests, in both of Google's dialects: `Content-Range` with 308, and
 * `X-Goog-Upload-Command`. A session's address is all that continuing takes. The 1,000 newest
 * sessions are kept; chunks need not be multiples of 256 KiB.
 * @see https://developers.google.com/workspace/drive/api/guides/manage-uploads#resumable
 */
export class UploadSessions {
  readonly #parts: EmulatorParts;
  readonly #sessions = new Map<string, Session>();

  constructor(parts: EmulatorParts) {
    this.#parts = parts;
  }

  /** Tells whether a request opens or continues a session. */
  static wants(call: Call): boolean {
    if (!call.path.startsWith('/upload/')) return false;
    return (
      call.query.get('uploadType') === 'resumable' ||
      call.query.has('upload_id') ||
      call.headers.get('x-goog-upload-protocol') === 'resumable'
    );
  }

  /** Opens a session and answers where to send the bytes. */
  start(call: Call, access: DriveAccess, file?: DriveFile): Response {
    const change = readMetadata(call.body);
    if (change instanceof Response) return change;
    const { headers } = call;
    const mimeType =
      headers.get('x-upload-content-type') ??
      headers.get('x-goog-upload-header-content-type') ??
      'application/octet-stream';
    const id = `AHmUCY${this.#parts.state.newText(80)}`;
    const { metadata } = change;
    this.#sessions.set(id, { id, access, file, metadata, mimeType, chunks: [], received: 0 });
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MOST_SESSIONS) break;
      this.#sessions.delete(oldest);
    }
    const location = new URL(
      call.path + call.url.search,
      isForGoogle(call) ? call.url.origin : this.#parts.origin(),
    );
    location.searchParams.set('upload_id', id);
    return new Response(null, {
      status: 200,
      headers: {
        location: location.href,
        'x-guploader-uploadid': id,
        'x-goog-upload-status': 'active',
        'x-goog-upload-url': location.href,
        'x-goog-upload-control-url': location.href,
        'x-goog-upload-chunk-granularity': String(GRANULARITY),
        'content-length': '0',
      },
    });
  }

  /** Takes bytes, tells how many came, or finishes with the file. */
  proceed(call: Call): Response {
    const session = this.#sessions.get(call.query.get('upload_id') ?? '');
    if (!session) return uploadNotFound();
    const step = readStep(call);
    if (!step) return badRequest('Failed to parse Content-Range header.');
    if (step.kind === 'cancel') {
      this.#sessions.delete(session.id);
      return new Response(null, { status: 499, headers: { 'x-goog-upload-status': 'cancelled' } });
    }
    if (step.kind !== 'query') append(session, call.body, step.offset);
    const complete = step.total !== undefined && session.received >= step.total;
    if (step.kind !== 'finish' && !complete) return incomplete(call, session);
    return this.#finish(call, session);
  }

  #finish(call: Call, session: Session): Response {
    this.#sessions.delete(session.id);
    const { access, file, metadata, mimeType } = session;
    const media = { content: Buffer.concat(session.chunks), mimeType };
    const response = applyChange(call, { metadata, media }, access, file);
    response.headers.set('x-goog-upload-status', 'final');
    return response;
  }
}

function append(session: Session, bytes: Buffer, offset = session.received): void {
  // A client that repeats a chunk sends bytes that are here already; a gap is left to its next query.
  if (offset > session.received) return;
  const fresh = bytes.subarray(session.received - offset);
  if (fresh.length === 0) return;
  session.chunks.push(Buffer.from(fresh));
  session.received += fresh.length;
}

function incomplete({ headers }: Call, { received }: Session): Response {
  if (headers.has('x-goog-upload-command')) {
    const counted = { 'x-goog-upload-size-received': String(received) };
    return new Response(null, { headers: { 'x-goog-upload-status': 'active', ...counted } });
  }
  const isPlain = headers.get('x-guploader-no-308')?.toLowerCase() === 'yes';
  return new Response(null, {
    status: isPlain ? 200 : 308,
    headers: {
      ...(received > 0 && { range: `bytes=0-${received - 1}` }),
      ...(isPlain && { 'x-http-status-code-override': '308' }),
      'content-length': '0',
    },
  });
}

function readStep({ headers }: Call): Step | undefined {
  const command = headers.get('x-goog-upload-command');
  if (command !== null) return readCommand(command, headers.get('x-goog-upload-offset'));
  const range = headers.get('content-range');
  if (range === null) return { kind: 'finish', offset: 0 };
  const match = /^bytes (?:(\d+)-(?:\d+)|\*)\/(\d+|\*)$/.exec(range.trim());
  if (!match) return undefined;
  const [, first, size] = match;
  const total = size === '*' ? undefined : Number(size);
  return first === undefined
    ? { kind: 'query', total }
    : { kind: 'append', offset: Number(first), total };
}

function readCommand(command: string, given: string | null): Step | undefined {
  const words = command
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  const offset = given === null ? undefined : Number(given);
  if (words.includes('query')) return { kind: 'query' };
  if (words.includes('cancel')) return { kind: 'cancel' };
  if (words.includes('finalize')) return { kind: 'finish', offset };
  return words.includes('upload') ? { kind: 'append', offset } : undefined;
}
