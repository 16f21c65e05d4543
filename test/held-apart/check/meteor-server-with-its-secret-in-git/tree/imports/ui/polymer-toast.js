import { Meteor } from 'meteor/meteor';

export const login = () => Meteor.cordova_g_plus({ cordova_g_plus: true, profile: ['email', 'name'], webClientId: '180767847422-p76cd4feugkwwjpp0iyq3ze9e8aj0y2k.apps.googleusercontent.com' }, (error) => console.log(error));
