/**
 * Bytes as text: UTF-8, or UTF-16 if they begin with its mark, as everything does that Windows PowerShell
 * 5.1 writes with `>`. The mark of UTF-16 is left out; that of UTF-8 stays.
 */
export function decodeText(bytes: Buffer): string {
  const isLittle = bytes[0] === 0xff && bytes[1] === 0xfe;
  const isBig = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!isLittle && !isBig) return bytes.toString('utf8');
  const even = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return (isLittle ? even : Buffer.from(even).swap16()).toString('utf16le');
}
