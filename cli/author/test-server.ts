/** A server of this process that answers as an agent wrote, in place of the real API. */
import { systemClock } from "../../runtime/clock.ts";
import { type ConnectOptions, createRuntime } from "../../runtime/index.ts";
import { type ReceivedRequest, type Reply, startServer } from "../../runtime/testing/index.ts";
import type { Connector, Profile, Setting } from "../../schema/ir.ts";
import { createLoopbackTransport } from "../demo/loopback-transport.ts";
import { type Given, map, optionalText } from "./arguments.ts";
import { type CallOutcome, type OperationCall, outcomeOf } from "./call-outcome.ts";
import { refusal } from "./refuse.ts";

const mostRoutes = 50;
/** Requests that one answer tells, and bytes of each body. */
const mostRequests = 20;
const mostBody = 4096;

/** Calls an operation; every host of the descriptor is played by the test server, and credentials are made up. */
export async function callTestServer(
  ir: Connector,
  call: OperationCall,
  given: Given,
): Promise<CallOutcome & { readonly requests: readonly object[]; readonly note?: string }> {
  const server = await startServer(routesOf(map(given, "routes")));
  const runtime = createRuntime({ transport: createLoopbackTransport(server.origin, systemClock) });
  try {
    const outcome = await outcomeOf(() => runtime.connect(ir, connectOptions(ir, given)), call, []);
    const more = server.requests.length - mostRequests;
    return {
      ...outcome,
      requests: server.requests.slice(0, mostRequests).map(told),
      ...(more > 0 ? { note: `${more} more requests came.` } : {}),
    };
  } finally {
    await runtime.close();
    await server.close();
  }
}

function connectOptions(ir: Connector, given: Given): ConnectOptions {
  const wanted = optionalText(given, "profile");
  const profile = wanted === undefined ? ir.profiles[0] : ir.profiles.find(({ id }) => id === wanted);
  if (wanted !== undefined && !profile)
    throw refusal(
      `There is no profile ${wanted}; there is ${ir.profiles.map(({ id }) => id).join(", ")}.`,
      "profile",
    );
  const config = { ...madeUpSettings(ir.settings), ...map(given, "config") };
  if (!profile) return { config };
  return { config, profile: profile.id, credentials: { ...madeUp(profile), ...map(given, "credentials") } };
}

/** A credential of the right key and no meaning. */
function madeUp({ fields }: Profile): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields
      .filter(
        ({ required, type }) => required && (type === "string" || type === "secret" || type === "password"),
      )
      .map(({ key, enum: allowed }) => [key, allowed?.[0] ?? `test-${key}`]),
  );
}

/** Settings that are required and that nobody gave: a host is played by the test server, whatever its name. */
function madeUpSettings(settings: Connector["settings"]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    settings.flatMap((setting): [string, unknown][] =>
      setting.required && setting.default === undefined ? [[setting.key, madeUpSetting(setting)]] : [],
    ),
  );
}

function madeUpSetting({ key, type, format, enum: allowed, example }: Setting): unknown {
  if (example !== undefined || allowed?.[0] !== undefined) return example ?? allowed?.[0];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return false;
  return format === "uri" || /(?:^|_)ur[il]$/.test(key) ? "https://api.example.com" : "test";
}

function routesOf(written: Given): Readonly<Record<string, Reply>> {
  const entries = Object.entries(written);
  if (entries.length > mostRoutes) throw refusal(`A test server has at most ${mostRoutes} routes.`, "routes");
  return Object.fromEntries(
    entries.map(([route, reply]) => {
      if (!/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|\*) \/\S*$/.test(route))
        throw refusal(
          `${route.slice(0, 100)} is no route; write a method and a path, such as GET /items/:id.`,
          "routes",
        );
      return [route, replyOf(route, reply)];
    }),
  );
}

function replyOf(route: string, reply: unknown): Reply {
  if (typeof reply !== "object" || reply === null || Array.isArray(reply))
    throw refusal(`The answer of ${route} is an object with status, headers and json or text.`, "routes");
  const { status, headers, json, text }: Given = { ...reply };
  if (status !== undefined && !(typeof status === "number" && status >= 200 && status <= 599))
    throw refusal(`The status of ${route} is a number from 200 to 599.`, "routes");
  if (text !== undefined && typeof text !== "string")
    throw refusal(`The text of ${route} is text.`, "routes");
  const named = Object.entries(map({ headers: headers ?? {} }, "headers"));
  return {
    ...(status === undefined ? {} : { status }),
    ...(json === undefined ? {} : { json }),
    ...(text === undefined ? {} : { text }),
    headers: Object.fromEntries(named.map(([name, value]) => [name.toLowerCase(), String(value)])),
  };
}

function told({ method, target, headers, text }: ReceivedRequest): object {
  const { connection: _, host: __, ...shown } = headers;
  return {
    method,
    target,
    headers: shown,
    ...(text === "" ? {} : { body: text.slice(0, mostBody) }),
    ...(text.length > mostBody ? { note: `The first ${mostBody} of ${text.length} characters.` } : {}),
  };
}
