import { expect, it } from 'vitest';

it('keeps the photo', () => {
  expect('https://lh3.googleusercontent.com/photo.jpg').toContain('googleusercontent.com');
});
