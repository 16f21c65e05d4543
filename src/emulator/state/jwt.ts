/** A JWT, read. Nobody has looked at its signature. */
export interface UnverifiedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is signed. */
  readonly input: Buffer;
  readonly signature: Buffer;
}

/** Reads a JWT; undefined for what is none. Checks neither its signature nor a claim. */
export function readJwt(text: string): UnverifiedJwt | undefined {
  const [head = '', payload = '', signature, ...rest] = text.split('.', 4);
  const header = decode(head);
  const claims = decode(payload);
  if (!header || !claims || signature === undefined || rest.length > 0) return undefined;
  const input = Buffer.from(`${head}.${payload}`);
  return { header, claims, input, signature: Buffer.from(signature, 'base64url') };
}

function decode(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
