import { signInWithGoogle } from '../../../shared/utils/googleAuth';

export async function login(post: (url: string, body: unknown, headers: Record<string, string>) => Promise<void>) {
  const result = await signInWithGoogle();
  const idToken = result.data?.idToken;
  if (!idToken) throw new Error('No ID token');
  await post('/auth/google', {}, { Authorization: `Bearer ${idToken}` });
}
