/** The gate before calls that change something, and what keeps the texts of tools honest. */
import type { Guard } from "../guard.ts";

export const gateGuards: readonly Guard[] = [
  {
    name: "a policy that refuses what no rule names",
    file: "runtime/gate/policy.ts",
    from: 'root.default === undefined ? "deny"',
    to: 'root.default === undefined ? "allow"',
    test: "test/runtime/gate/policy.test.ts",
    only: "refuses what no rule names",
  },
  {
    name: "a receipt before the call",
    file: "runtime/gate/passage.ts",
    from: "    } catch (cause) {\n      throw new ConnectorError({",
    to: "    } catch (cause) {\n      if (0 > 1) throw new ConnectorError({",
    test: "test/runtime/gate/gate.test.ts",
    only: "come before the call",
  },
  {
    name: "a write whose end is unknown",
    file: "runtime/gate/write-memory.ts",
    from: "if (!leavesOpen(error)) {",
    to: "if (0 < 1) {",
    test: "test/runtime/gate/gate.test.ts",
    only: "may have been carried out",
  },
  {
    name: "a consent that counts once",
    file: "runtime/mcp/consent.ts",
    from: "if (this.#answered.has(question)) return false;",
    to: "",
    test: "test/runtime/mcp/gate.test.ts",
    only: "takes a consent once",
  },
  {
    name: "the hidden text of a tool",
    file: "schema/mcp/tool-text.ts",
    from: "text.match(unseen)?.[0] ??",
    to: "",
    test: "test/runtime/mcp/tool-text.test.ts",
    only: "with a zero-width space in a schema is refused",
  },
  {
    name: "a tool that changed in silence",
    file: "runtime/mcp/tool-lock.ts",
    from: "before.get(name) !== hash",
    to: "before.get(name) === undefined",
    test: "test/runtime/mcp/tool-text.test.ts",
    only: "tells which tools are new, gone or other",
  },
];
