/** The longest name that the usual file systems take, in bytes of UTF-8. */
const maxNameBytes = 255;
/** What Windows keeps for devices, with any extension. */
const deviceNames = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$) *(\.|$)/i;

/** Whether Windows takes a file's name for that of a device. */
export function isDeviceName(name: string): boolean {
  return deviceNames.test(name);
}

/**
 * A file name from outside as a name in the folder that it is saved in: its last part, without
 * anything that leads elsewhere, steers a terminal or means something else to Windows. Never empty.
 */
export function toSafeFileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  // Half a surrogate pair (Cs) is no text.
  const plain = withoutEnd(
    last.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}<>:"|?*]/gu, '_'),
  );
  // To most programs, gsac among them, - is no file but a stream.
  if (plain === '' || plain === '-') return 'download';
  return shorten(isDeviceName(plain) ? `_${plain}` : plain);
}

/** Windows drops dots and blanks at the end. A pattern would try each run of them to its end. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (end > 0 && '. '.includes(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end);
}

/** Cuts the stem, so that the extension stays. */
function shorten(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const extension = /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = '';
  let left = maxNameBytes - Buffer.byteLength(extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    stem += character;
  }
  return stem + extension;
}

const mimeTypes = new Map(
  Object.entries({
    csv: 'text/csv',
    gif: 'image/gif',
    gz: 'application/gzip',
    html: 'text/html',
    jpeg: 'image/jpeg',
    jpg: 'image/jpeg',
    json: 'application/json',
    md: 'text/markdown',
    mp4: 'video/mp4',
    pdf: 'application/pdf',
    png: 'image/png',
    svg: 'image/svg+xml',
    txt: 'text/plain',
    webp: 'image/webp',
    xml: 'application/xml',
    zip: 'application/zip',
  }),
);

/** The media type that a file's extension stands for; bytes where it says nothing. */
export function mimeTypeOf(name: string): string {
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return mimeTypes.get(extension) ?? 'application/octet-stream';
}
