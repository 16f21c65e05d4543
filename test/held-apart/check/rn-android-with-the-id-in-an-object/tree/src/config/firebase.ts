export const firebaseProject = {
  projectId: 'timeseal-x',
  webClientId: '3033690845170-6px03nekcwathwhun4rhcjbnogxmq3a5.apps.googleusercontent.com',
};
