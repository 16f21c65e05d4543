/** One part of a multipart body. Header names are in lower case. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly content: Buffer;
}

// RFC 2046 allows 70, and each line may be compared with all of it.
const LONGEST_BOUNDARY = 256;

/**
 * Splits a multipart body, as tolerantly as Drive: line ends may be LF alone, the boundary may be
 * quoted and hold `=`, part headers may be many, few and in any case. Undefined where there is no
 * boundary or no part.
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */
export function parseMultipart(contentType: string, body: Buffer): readonly Part[] | undefined {
  const match = /;\s*boundary=(?:"([^"]*)"|'([^']*)'|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2] ?? match?.[3];
  if (!boundary || boundary.length > LONGEST_BOUNDARY) return undefined;
  const marks = findMarks(body, Buffer.from(`--${boundary}`));
  const parts: Part[] = [];
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1];
    if (mark.last) break;
    // A body whose end mark is missing still counts: the last part runs to the end.
    parts.push(readPart(body.subarray(mark.end, next ? next.start : body.length)));
  }
  return parts.length > 0 ? parts : undefined;
}

interface Mark {
  /** Where the line end before the mark begins. */
  readonly start: number;
  /** Where the line after the mark begins. */
  readonly end: number;
  readonly last: boolean;
}

function findMarks(body: Buffer, dash: Buffer): readonly Mark[] {
  const marks: Mark[] = [];
  let at = body.indexOf(dash);
  while (at >= 0) {
    const after = at + dash.length;
    const atLineStart = at === 0 || body[at - 1] === 0x0a;
    const tail = /^(--)?[ \t]*(\r?\n|$)/.exec(body.subarray(after, after + 80).toString('latin1'));
    if (atLineStart && tail) {
      marks.push({
        start: lineEndBefore(body, at),
        end: after + tail[0].length,
        last: tail[1] !== undefined,
      });
    }
    at = body.indexOf(dash, after);
  }
  return marks;
}

function lineEndBefore(body: Buffer, at: number): number {
  if (at === 0) return 0;
  return body[at - 2] === 0x0d ? at - 2 : at - 1;
}

function readPart(bytes: Buffer): Part {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(0x0a, at);
    if (newline < 0) break;
    const line = bytes.subarray(at, newline).toString().replace(/\r$/, '');
    at = newline + 1;
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon > 0)
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, content: bytes.subarray(at) };
}
