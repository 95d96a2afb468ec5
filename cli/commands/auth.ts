/** `connector auth`: the verbs of logins. */
export { loginCommand } from "../auth/login.ts";
export { logoutCommand } from "../auth/logout.ts";
export { rotateCommand } from "../auth/rotate.ts";
export { statusCommand } from "../auth/status.ts";
