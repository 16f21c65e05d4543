import type { PageRow } from './row.js';

/** What a feed is made of. It is asked only while somebody reads. */
export interface FeedSource {
  /**
   * The requests of a run from the one of an ID on, the newest of them if there are many, and the ID
   * that the next one will have. A run ends when the requests are forgotten.
   */
  rows(
    run: string | undefined,
    from: number,
  ): Promise<{
    readonly run: string;
    readonly next: number;
    readonly rows: readonly PageRow[];
  }>;
  /** Everything else that the page shows. It is sent when it differs from what was sent last. */
  state(): object;
  /** What is sent every second. */
  pulse(): object;
}

interface Reader {
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  run: string | undefined;
  next: number;
  state: string;
  pulsedAt: number;
  isBusy: boolean;
}

const tickMs = 200;
const pulseMs = 1_000;
const encoder = new TextEncoder();

/** Server-sent events for any number of pages. Without a reader nothing runs and nothing is computed. */
export class Feed {
  readonly #source: FeedSource;
  readonly #readers = new Set<Reader>();
  #timer: NodeJS.Timeout | undefined;

  constructor(source: FeedSource) {
    this.#source = source;
  }

  /** Whether somebody reads. */
  get isRead(): boolean {
    return this.#readers.size > 0;
  }

  /** The events from now on, after the newest requests; `cancel` ends them. */
  open(): ReadableStream<Uint8Array> {
    let reader: Reader | undefined;
    return new ReadableStream<Uint8Array>(
      {
        // Not before it is read: who asks with HEAD reads nothing.
        pull: (controller) => {
          if (reader !== undefined) return;
          reader = {
            controller,
            run: undefined,
            next: 0,
            state: '',
            pulsedAt: Number.NEGATIVE_INFINITY,
            isBusy: false,
          };
          this.#readers.add(reader);
          this.#timer ??= setInterval(() => this.#tick(), tickMs).unref();
          void this.#serve(reader, JSON.stringify(this.#source.state()));
        },
        cancel: () => {
          if (reader !== undefined) this.#leave(reader);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Sends what is still to be sent, and a last event by which the pages know that it is the end. */
  async close(): Promise<void> {
    const state = JSON.stringify(this.#source.state());
    for (const reader of [...this.#readers]) {
      await this.#serve(reader, state);
      send(reader, 'end', '{}');
      this.#leave(reader);
      reader.controller.close();
    }
  }

  #leave(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.isRead) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const state = JSON.stringify(this.#source.state());
    for (const reader of this.#readers) {
      // Whoever reads slowly gets more at once later.
      if (reader.isBusy || (reader.controller.desiredSize ?? 0) < 0) continue;
      void this.#serve(reader, state);
    }
  }

  async #serve(reader: Reader, state: string): Promise<void> {
    reader.isBusy = true;
    const { run, next, rows } = await this.#source.rows(reader.run, reader.next);
    reader.isBusy = false;
    if (!this.#readers.has(reader)) return;
    if (state !== reader.state) send(reader, 'state', state);
    reader.state = state;
    const now = performance.now();
    if (now - reader.pulsedAt >= pulseMs) {
      reader.pulsedAt = now;
      send(reader, 'pulse', JSON.stringify(this.#source.pulse()));
    }
    if (run !== reader.run || next !== reader.next) {
      send(reader, 'requests', JSON.stringify({ run, next, rows }));
    }
    reader.run = run;
    reader.next = next;
  }
}

function send({ controller }: Reader, event: string, data: string): void {
  controller.enqueue(encoder.encode(`event: ${event}\ndata: ${data}\n\n`));
}
