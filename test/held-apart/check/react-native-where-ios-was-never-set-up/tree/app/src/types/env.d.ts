declare module '@env' {
  export const REACT_APP_API_BASE_URL: string;
  export const GOOGLE_WEB_CLIENT_ID: string;
  export const GOOGLE_WEB_CLIENT_SECRET: string;
}
