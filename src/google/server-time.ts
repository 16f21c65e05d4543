/**
 * The clock of whoever answered, epoch milliseconds; undefined where the answer states none.
 *
 * The keys come out of a cache in front of Google: their `Date` is that of the moment when they went
 * in, and `Age` counts from there.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1
 * @see https://www.rfc-editor.org/rfc/rfc9111#section-5.1
 */
export function serverTimeOf(header: (name: string) => string | null): number | undefined {
  const date = Date.parse(header('date') ?? '');
  const age = Number(header('age') ?? 0);
  return Number.isNaN(date) ? undefined : date + (age >= 0 ? age * 1000 : 0);
}
