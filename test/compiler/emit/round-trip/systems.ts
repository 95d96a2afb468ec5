/** Connectors in the manner of real systems, each a file in `systems`, with calls that use what is odd about them. They are shipped nowhere. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HeldOut } from "./held-out.ts";

function descriptor(name: string): string {
  return readFileSync(join(import.meta.dirname, "systems", `${name}.yaml`), "utf8");
}

const token = { json: { access_token: "t-1", token_type: "Bearer", expires_in: 3600 } };

export const systems: readonly HeldOut[] = [
  {
    name: "a directory with OData's names",
    descriptor: descriptor("directory"),
    connection: {
      config: { tenant: "acme" },
      credentials: { client_id: "app", client_secret: "example-secret" },
    },
    calls: [
      {
        operation: "list_objects",
        params: { $filter: "startsWith(displayName,'O''B')", $select: ["id", "displayName"], $count: true },
        records: true,
      },
      {
        operation: "add_object",
        params: {
          object: {
            "@odata.type": "#directory.group",
            id: "g",
            members: [{ "@odata.type": "#directory.user", displayName: null, manager: null }],
          },
          "if-match": 'W/"1"',
        },
      },
    ],
    answer: ({ path, query, method }) =>
      path.endsWith("/token")
        ? token
        : method === "POST"
          ? { json: { "@odata.type": "#directory.user", id: "1" } }
          : query.get("$skiptoken")
            ? { json: { value: [{ "@odata.type": "#directory.group", id: "2" }] } }
            : {
                json: {
                  value: [{ "@odata.type": "#directory.user", id: "1", displayName: null }],
                  "@odata.nextLink": "https://api.example.com/v1.0/directoryObjects?$skiptoken=a%2Bb",
                },
              },
  },
  {
    name: "a search engine",
    descriptor: descriptor("search-engine"),
    connection: { credentials: { id: "i", api_key: "example:key" } },
    calls: [
      {
        operation: "search",
        params: {
          index: ["logs-*", "a b"],
          query: {
            bool: {
              must: [{ term: { "user.id": 7, ok: true } }, { range: { at: { gte: "now-1d", lt: null } } }],
              must_not: { bool: { minimum_should_match: "50%" } },
            },
          },
          _source: ["a.*"],
        },
        records: true,
      },
      { operation: "search", params: { index: ["x"], _source: false, size: 0 } },
      { operation: "_search", params: { scroll_id: "DXF1ZXJ5==/+" } },
      { operation: "delete", params: { index: "x", id: "é/1", refresh: "wait_for" } },
      { operation: "bulk", params: { lines: '{"index":{}}\n{"a":1}' } },
    ],
    answer: () => ({
      text: '{"took":9007199254740993,"hits":{"hits":[{"_id":"1","_index":"x","_score":null,"sort":[1,"a",null]}]}}',
    }),
  },
  {
    name: "a cluster manager",
    descriptor: descriptor("cluster"),
    connection: { credentials: { token: "example-token" } },
    calls: [
      {
        operation: "list_namespaced_workload",
        params: { namespace: "kube-system", labelSelector: "a in (b,c),!d" },
        records: true,
      },
      { operation: "list_namespaced_workload" },
      {
        operation: "create_namespaced_workload",
        params: {
          namespace: "x",
          workload: {
            apiVersion: "v1",
            kind: "Job",
            metadata: { name: "n", labels: { "app.kubernetes.io/name": "n" }, annotations: null },
            port: "http",
            phase: null,
            schema: {
              $ref: "#/a",
              default: [null],
              properties: { p: { not: {}, enum: [1, "a", null] } },
              items: [{}],
            },
          },
        },
      },
      { operation: "read_log", params: { namespace: "x", name: "n", sinceSeconds: 9007199254740993n } },
    ],
    answer: ({ path, query }) =>
      path.endsWith("/log")
        ? { text: "line\nlast" }
        : {
            json: {
              metadata: { name: "n", continue: query.has("continue") ? "" : "c/1" },
              apiVersion: "v1",
              kind: "CronJob",
              items: [
                {
                  apiVersion: "v1",
                  kind: "Job",
                  metadata: { name: query.get("continue") ?? "first" },
                  port: 80,
                },
              ],
            },
          },
  },
  {
    name: "a telephone service",
    descriptor: descriptor("telephony"),
    connection: { credentials: { username: "AC", password: "example:password" } },
    calls: [
      {
        operation: "list_calls",
        params: {
          "StartTime>": new Date(Date.UTC(2026, 0, 2)),
          "StartTime<": "2026-02-01",
          Status: "no-answer",
        },
        records: true,
      },
      {
        operation: "create_call",
        params: {
          To: "+1555&1",
          From: "sip:a@b",
          StatusCallbackEvent: ["initiated", "ringing"],
          Record: true,
          default: "d",
        },
      },
      { operation: "3way_call", params: { Sid: "CA1", From: "x" } },
      { operation: "get_recording", params: { Sid: "RE1", format: "wav" } },
    ],
    answer: ({ path, query, target }) =>
      path.includes("/Recordings/")
        ? { headers: { "content-type": "audio/x-wav" }, bytes: new Uint8Array([82, 73, 0, 255]) }
        : {
            json: {
              sid: "CA1",
              price: null,
              calls: [{ sid: query.get("Page") ?? "0", direction: "trunk" }],
              next_page_uri: query.has("Page") ? null : `${target}&Page=1`,
            },
          },
  },
  {
    name: "a chat with failures inside a 200",
    descriptor: descriptor("chat"),
    connection: {
      profiles: {
        bot: { credentials: { bot_token: "example-bot" } },
        user: { credentials: { user_token: "example-user" } },
      },
    },
    calls: [
      {
        operation: "conversations_list",
        params: { types: ["public_channel", "private_channel"] },
        records: true,
      },
      {
        operation: "chat_post_message",
        params: {
          channel: "C1",
          blocks: [
            {
              type: "section",
              text: { type: "mrkdwn", text: "*a* <b>" },
              fields: [{ type: "plain_text", text: "c" }],
            },
            { type: "divider" },
            { type: "actions", elements: [{ type: "button", value: 1 }] },
          ],
        },
      },
      { operation: "chat_post_message", params: { channel: "gone" } },
      {
        operation: "files_upload",
        params: { file: { data: "text", filename: "ü.txt" }, channels: ["C1", "C2"] },
      },
    ],
    answer: ({ path, query, json }) =>
      path.endsWith("conversations.list")
        ? {
            json: {
              ok: true,
              channels: [{ id: query.get("cursor") ?? "C0" }],
              response_metadata: { next_cursor: query.has("cursor") ? "" : "dGVhbTpDMQ==" },
            },
          }
        : (json as { channel?: string } | undefined)?.channel === "gone"
          ? { json: { ok: false, error: "channel_not_found" } }
          : { json: { ok: true, ts: "1.2" } },
  },
  {
    name: "a bot with large ids and media of two kinds",
    descriptor: descriptor("messenger-bot"),
    connection: { credentials: { token: "123:example" } },
    calls: [
      {
        operation: "get_updates",
        params: { offset: "9007199254740993", allowed_updates: ["message"] },
        records: true,
      },
      {
        operation: "send_media_group",
        params: {
          chat_id: -1001234567890123456789n,
          media: [
            { type: "photo", media: "a", caption: "\u{1f600}" },
            { type: "video", media: "b", duration: 3 },
          ],
          reply_to: null,
        },
      },
      {
        operation: "send_media_group",
        params: {
          chat_id: "@channel",
          media: [
            { type: "photo", media: "a" },
            { type: "photo", media: "b" },
          ],
        },
      },
      {
        operation: "set_webhook",
        params: {
          url: "https://x.example/?a=b&c",
          certificate: { data: new Uint8Array([45, 45]), filename: "c.pem" },
          allowed_updates: ["a"],
        },
      },
    ],
    answer: () => ({
      text: '{"result":[{"update_id":9007199254740993,"location":[1.5,2],"message":{"from":null}}]}',
    }),
  },
  {
    name: "a ledger with offsets in the body",
    descriptor: descriptor("billing"),
    connection: {
      config: { environment: "production" },
      credentials: { client_id: "c", secret: "example-secret" },
    },
    calls: [
      {
        operation: "get_transactions",
        params: { start_date: new Date(Date.UTC(2026, 0, 1)), end_date: "2026-01-31", account_ids: ["a"] },
        records: true,
      },
      {
        operation: "create_transfer",
        params: { amount: { value: "1.00", currency: null }, network: "same-day-ach", memo: null },
        idempotencyKey: "t-1",
      },
    ],
    answer: ({ json }) => {
      const from = (json as { options?: { offset?: number } } | undefined)?.options?.offset ?? 0;
      const all = ["a", "b", "c"].map((transaction_id) => ({
        transaction_id,
        amount: { value: "1.00", currency: null },
      }));
      return { json: { total: 3, transfer_id: "t", transactions: all.slice(from, from + 2) } };
    },
  },
  {
    name: "metrics as tuples, names with brackets",
    descriptor: descriptor("metrics"),
    connection: { credentials: { api_key: "example-1", application_key: "example-2" } },
    calls: [
      {
        operation: "submit_metrics",
        params: {
          series: [
            {
              metric: "m",
              type: 3,
              points: [
                [1_700_000_000, null],
                ["9007199254740993", 0.1],
              ],
              tags: ["a:b"],
            },
          ],
        },
      },
      {
        operation: "list_logs",
        params: {
          "filter[query]": "@a:[1 TO 2] -b",
          "filter[from]": new Date(0),
          "filter[indexes]": ["x", "y,z"],
          sort: "-timestamp",
        },
        records: true,
      },
    ],
    answer: ({ query }) => ({
      json: {
        errors: [],
        data: [
          { id: query.get("page[cursor]") ?? "0", type: "log", attributes: { tags: [] } },
          { id: "l", type: "log" },
        ],
        meta: query.has("page[cursor]") ? {} : { page: { after: "a=" } },
      },
    }),
  },
  {
    name: "a service desk with two ways to sign in",
    descriptor: descriptor("helpdesk"),
    connection: {
      config: { instance: "dev1" },
      profile: "oauth2_client_credentials",
      credentials: { client_id: "c", client_secret: "example-secret" },
    },
    calls: [
      {
        operation: "query_table",
        params: {
          table: "incident",
          sysparm_query: "active=true^ORpriority=1",
          sysparm_display_value: "all",
        },
        records: true,
      },
      {
        operation: "update_record",
        params: { table: "incident", sys_id: "1", fields: { state: "2", __proto: null } },
      },
      { operation: "attach", params: { table_name: "incident", file_name: "ü b.txt", content: "text" } },
    ],
    answer: ({ path, query }) =>
      path.endsWith("/oauth_token.do")
        ? token
        : {
            json: {
              result:
                query.get("sysparm_offset") === "2"
                  ? [{ sys_id: "3" }]
                  : [
                      { sys_id: "1", assigned_to: "a" },
                      { sys_id: "2", state: 1 },
                    ],
            },
          },
  },
  {
    name: "a shop behind a chain",
    descriptor: descriptor("shop"),
    connection: { config: { shop: "acme" }, credentials: { api_key: "k", api_secret: "example-secret" } },
    calls: [
      { operation: "list_orders", params: { fields: ["id", "line_items"] }, records: true },
      {
        operation: "graphql",
        params: {
          query: "query($id: ID!) { order(id: $id) { id } }",
          variables: { id: "gid://1", deep: { n: null } },
        },
      },
    ],
    answer: ({ path, query }) =>
      path.endsWith("/access_token")
        ? { json: { access_token: "a-1" } }
        : path.endsWith("/graphql.json")
          ? { json: { data: null, errors: [{ message: "m", path: ["order", 0] }] } }
          : {
              headers: query.has("page_info")
                ? {}
                : {
                    link: '<https://acme.example.com/admin/api/2026-01/orders.json?page_info=p%3D&limit=2>; rel="next"',
                  },
              text: '{"orders":[{"id":9007199254740993,"financial_status":null},{"id":2}]}',
            },
  },
  {
    name: "a weather service with digits first, rows and XML",
    descriptor: descriptor("weather-grid"),
    connection: { credentials: { key: "example+key" } },
    calls: [
      { operation: "5day_forecast", params: { lat: -0.5, lon: 1e-7, bbox: [1.5, 2] } },
      { operation: "stations", records: true },
      { operation: "observe", params: { station: "A&B <1>", value: 1.25, at: new Date(0) } },
    ],
    answer: ({ path }) =>
      path.endsWith(".csv")
        ? { text: 'id,name\n1,"Köln, ""West"""\n' }
        : path.includes("/soap/")
          ? { text: '<s:Envelope xmlns:s="x"><s:Body><ok code="1">yes</ok></s:Body></s:Envelope>' }
          : {
              json: {
                cod: "200",
                list: [{ dt: 1, "3h": 0.2, "1h": 0 }],
                city: { coord: { lat: 1, lon: 2 } },
              },
            },
  },
  {
    name: "an issue tracker with fields of any kind",
    descriptor: descriptor("tracker"),
    connection: { profile: "bearer", credentials: { token: "example-token" } },
    calls: [
      {
        operation: "get_issue",
        params: { id: "A-1", expand: { comments: { limit: "2" } }, "XSRF-TOKEN": "a b" },
      },
      {
        operation: "patch_issue",
        params: {
          id: "A-1",
          operations: [
            { op: "replace", path: "/a", value: { b: [null] } },
            { op: "remove", path: "/c" },
            { op: "move", path: "/d", from: "/e" },
          ],
        },
      },
      {
        operation: "set_field",
        params: { id: "A-1", field: "x/y", value: ["a", [1, null, { id: "i", $type: "User" }]] },
      },
      { operation: "set_field", params: { id: "A-1", field: "f", value: 0 } },
    ],
    answer: () => ({ json: { id: "A-1", customfield_1: [{ id: "1" }, "x", null] } }),
  },
];
