/** What differs from run to run, and what the transcripts have in its place. */
const replacements: readonly (readonly [what: RegExp, instead: string])[] = [
  // A terminal's line ends, and the echo of Ctrl-C.
  [/\r\n/g, '\n'],
  [/\^C/g, ''],
  // The emulator's port.
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:8085'],
  // Secrets of the emulator, which guard nothing; those typed in the session stay.
  [/4\/0A(?!b{73})[\w-]{73}/g, '4/0AbCdEfGhIjKlMnOpQrStUvWxYz'],
  [/ya29\.[\w.-]{100,}/g, 'ya29.a0AbCdEfGhIjKlMnOpQrStUvWxYz'],
  // Drive's ids, the key's id, the hash of the access token, the mark of a listing's page.
  [/(?<![\w-])1[\w-]{43}(?![\w-])/g, '1AbCdEfGhIjKlMnOpQrStUvWxYz'],
  [/(?<![\w-])1[\w-]{25}…/g, '1AbCdEfGhIjKlMnOpQrStUvWxY…'],
  [/\b[0-9a-f]{40}\b/g, '0123456789abcdef0123456789abcdef01234567'],
  [/(at_hash"?:? +"?)[\w-]{22}/g, '$1AbCdEfGhIjKlMnOpQrStUv'],
  // Today's times; the seeded files' are of earlier years.
  [/20(?:2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\d/g, '2026-11-22T12:00:00'],
  [/20(?:2[6-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-22 12:00:00'],
  [/(12:00:00)\.\d{3}Z/g, '$1.000Z'],
  [/("(?:iat|exp)": )\d{10}/g, '$11795348800'],
  [/("expires_in": )\d{4}/g, '$13599'],
  // How long ago; a listing's columns are as wide as that.
  [
    /^ {2}ACCOUNT +STORE +ISSUED +LAST USED +CLIENT$/gm,
    listing('ACCOUNT', 'STORE', 'ISSUED', 'LAST USED', 'CLIENT'),
  ],
  [
    /^ {2}(\S+@\S+) +(file|keychain) +(?:now|\d+s ago) +(never) +\S+$/gm,
    listing('$1', '$2', '1s ago', '$3', '407408718192-webserver0emulator0…'),
  ],
  [/\(now\)/g, '(2 seconds ago)'],
  [/\bjust now\b|\b\d+ seconds? ago\b(?! {2})/g, '2 seconds ago'],
  [/ \d+ ms$/gm, ' 4 ms'],
];

function listing(account: string, store: string, issued: string, used: string, client: string) {
  // The width of the tester's address, not of what stands for it here.
  const name = account === '$1' ? account : account.padEnd('tester@example.com'.length);
  const kind = store === '$2' ? '$2 ' : store.padEnd(5);
  const last = used === '$3' ? '$3    ' : used;
  return `  ${name}  ${kind}  ${issued.padEnd(6)}  ${last}  ${client}`;
}

/** Makes two runs of the same session the same text. */
export function normalise(transcript: string): string {
  return replacements.reduce((text, [what, instead]) => text.replace(what, instead), transcript);
}
