export class OauthMock {
  public clientId = '497554827882-xterun7ihxpn0jgi2ucrb5mh4o79rwyp.apps.googleusercontent.com';
  public redirectUri = 'com.googleusercontent.apps.497554827882-xterun7ihxpn0jgi2ucrb5mh4o79rwyp:/oauthredirect';
}
