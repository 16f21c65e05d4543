import { useAuthRequest } from 'expo-auth-session/build/providers/Google'

export const useGoogleAuth = () => {
	const [request, response, promptAsync] = useAuthRequest({
		responseType: 'token',
		clientId:
			'584906822422-8yor60gkl3tfmmn5t04w81z93wkch58i.apps.googleusercontent.com',
		scopes: ['profile', 'email'],
		redirectUri: 'whale://',
		clientSecret: '%GOCSPX-:whale%',
	})

	return { request, response, promptAsync }
}
