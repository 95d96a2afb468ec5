import type { Guard } from "../guard.ts";

/** What holds an agent that makes connectors to what it was given. */
export const authorGuards: readonly Guard[] = [
  {
    name: "the origins that a connection of the authoring server is pinned to",
    file: "cli/author/pinned-transport.ts",
    from: "(pin: Pin, origin: string): boolean => pin.origins.has(origin);",
    to: "(pin: Pin, _origin: string): boolean => pin.origins.size > 0;",
    test: "test/cli/author.test.ts",
    only: "uses a connection only for",
  },
  {
    name: "the methods of a pinned connection",
    file: "cli/author/pinned-transport.ts",
    from: 'if (pin.writes || method === "GET" || method === "HEAD") return undefined;',
    to: "if (method !== undefined) return undefined;",
    test: "test/cli/author.test.ts",
    only: "uses a connection only for",
  },
  {
    name: "the secrets in answers of the authoring server",
    file: "cli/author/call-outcome.ts",
    from: 'text.replaceAll(one, "[secret]")',
    to: "text.replaceAll(one, one)",
    test: "test/cli/author.test.ts",
    only: "uses a connection only for",
  },
];
