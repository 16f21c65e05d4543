import React, { useEffect } from 'react';
import { configureGoogleSignIn } from './src/config/googleSignIn';
import Login from './src/pages/Login';

export default function App() {
  useEffect(() => {
    configureGoogleSignIn();
  }, []);
  return <Login />;
}
