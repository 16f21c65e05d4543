import { Accounts } from 'meteor/accounts-base';

Accounts.loginServiceConfiguration.remove({ service: 'google' });

Accounts.loginServiceConfiguration.insert({
  clientId: '180767847422-p76cd4feugkwwjpp0iyq3ze9e8aj0y2k.apps.googleusercontent.com',
  secret: 'k4zLf7jwO3O9j_87QAELz1lQ',
  service: 'google',
});
