/**
 * undici's client by its deep path: the package's root replaces the dispatcher behind the host's own `fetch` as soon
 * as it is imported, this file does not. The version is pinned exactly, and a test holds the effect.
 */
declare module "undici/lib/dispatcher/client.js" {
  import { Client } from "undici";
  export default Client;
}
