/** What a market in production needs and nobody here answers at. */
export const outside = {
  SMTP_URL: 'smtp://127.0.0.1:9',
  XENDIT_URL: 'http://127.0.0.1:9',
  XENDIT_SECRET_KEY: 'of our own',
  XENDIT_CALLBACK_TOKEN: 'of our own',
  COURIER_URL: 'http://127.0.0.1:9',
  COURIER_SECRET: 'of our own',
} as const
