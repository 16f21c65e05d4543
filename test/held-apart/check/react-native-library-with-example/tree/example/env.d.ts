declare module '@env' {
  export const WEB_CLIENT_ID: string;
}
