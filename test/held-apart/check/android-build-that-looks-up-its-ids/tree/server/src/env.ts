export const env = { googleClientIds: (process.env.GOOGLE_CLIENT_IDS ?? '').split(',').filter(Boolean) };
