/** Every check by its name; run-checks.js runs them. */
export const checks: Readonly<Record<string, unknown>>;
