import { ENV } from '../configs/env'
import { useAuthRequest } from 'expo-auth-session/build/providers/Google'

export const OAuth = () => {
	const [request, response, googleSignIn] = useAuthRequest({
		webClientId: ENV.GOOGLE_WEB_CLIENT_ID,
		iosClientId: ENV.GOOGLE_IOS_CLIENT_ID,
		androidClientId: ENV.GOOGLE_ANDROID_CLIENT_ID,
		scopes: ['email', 'profile'],
	})
	return null
}
