/** The version of this package, as sent in `user-agent`; a test holds it equal to package.json. */
export const version = "0.1.0";
