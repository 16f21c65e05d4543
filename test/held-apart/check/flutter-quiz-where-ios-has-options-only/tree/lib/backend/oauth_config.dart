// This file provides a public `clientId` for the installed app flow (no secret required).
const String googleDriveClientId = '901785828718-ss6jxu1wvzyxfwgnib4kaf7brt8el8jk.apps.googleusercontent.com';

const String googleDriveClientSecret = ''; // keep empty for installed/desktop flows
