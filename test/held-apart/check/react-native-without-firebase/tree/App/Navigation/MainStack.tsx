import { GoogleSignin } from '@react-native-google-signin/google-signin';
import React, { useEffect } from 'react';

export default function MainStack() {
  useEffect(() => {
    GoogleSignin.configure({
      webClientId:
        '278406860529-yptc9ziywrclfxk4skkqdg4hr997rjnq.apps.googleusercontent.com',
      iosClientId:
        '278406860529-wbh8101qt10kxgx4n0fs80bwl2u7src4.apps.googleusercontent.com',
      offlineAccess: false,
    });
  }, []);
  return null;
}
