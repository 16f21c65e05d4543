import { initializeApp } from "firebase/app";
import { getAuth } from "firebase/auth";

export const firebaseConfig = {
  apiKey: "REACT_APP_API_KEY",
  authDomain: "REACT_APP_AUTH_DOMAIN",
  projectId: "REACT_APP_PROJECT_ID",
};

export const auth = getAuth(initializeApp(firebaseConfig));

export const REACT_APP_WEB_CLIENT_ID = "REACT_APP_WEB_CLIENT_ID";
