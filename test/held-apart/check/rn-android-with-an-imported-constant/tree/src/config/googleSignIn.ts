// Copy the web client ID here (looks like: 123456789-abc.apps.googleusercontent.com)
export const GOOGLE_WEB_CLIENT_ID = '303904340445-e222yowifjh7kdunn4nqieevz0qa2155.apps.googleusercontent.com';
