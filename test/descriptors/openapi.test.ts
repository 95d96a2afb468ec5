/** The shipped connectors' requests, judged by the vendors' own documents through a validator that is not ours. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { json, type ReceivedRequest, type Reply } from "../../runtime/testing/index.ts";
import { type Played, play, shippedIr } from "./shipped.ts";
import {
  createVendorJudge,
  readForm,
  samePath,
  type VendorJudge,
  vendorDocument,
} from "./vendor-document.ts";

const text = {
  type: "doc",
  version: 1,
  content: [{ type: "paragraph", content: [{ type: "text", text: "x" }] }],
};
const repository = { owner: "octocat", repo: "hello-world" };

/** Parameters of every operation, as many as it has, so that each of them is judged. */
const github: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  get_authenticated_user: {},
  list_repositories: {
    visibility: "private",
    affiliation: "owner,collaborator",
    sort: "pushed",
    per_page: 50,
  },
  list_org_repositories: { org: "github", type: "public", per_page: 100 },
  get_repository: repository,
  list_issues: {
    ...repository,
    state: "all",
    labels: ["bug", "a,b"],
    assignee: "*",
    creator: "ada",
    since: "2026-01-01T00:00:00Z",
    sort: "updated",
    direction: "desc",
    per_page: 7,
  },
  get_issue: { ...repository, issue_number: 7 },
  create_issue: { ...repository, title: "T", body: "B", labels: ["bug"], assignees: ["ada"], milestone: 3 },
  update_issue: {
    ...repository,
    issue_number: 7,
    title: "T",
    body: "B",
    state: "closed",
    state_reason: "completed",
    labels: [],
    assignees: [],
    milestone: 3,
  },
  list_comments: { ...repository, issue_number: 7, since: "2026-01-01T00:00:00Z", per_page: 10 },
  create_comment: { ...repository, issue_number: 7, body: "B" },
  search_issues: { q: 'is:open label:"good first issue"', sort: "created", order: "asc", per_page: 10 },
};

const jira: typeof github = {
  get_myself: {},
  list_issues: { jql: "project = PROJ" },
  get_issue: { issue_key: "PROJ-1", fields: ["summary", "status"], expand: "names" },
  create_issue: {
    project_key: "PROJ",
    summary: "S",
    issue_type: "Task",
    description: text,
    labels: ["a"],
    parent: { key: "PROJ-2" },
  },
  update_issue: {
    issue_key: "PROJ-1",
    notifyUsers: false,
    summary: "S",
    description: text,
    labels: [],
    assignee: { accountId: null },
  },
  delete_issue: { issue_key: "PROJ-1", deleteSubtasks: "true" },
  list_comments: { issue_key: "PROJ-1", startAt: 10, maxResults: 5, orderBy: "-created" },
  add_comment: { issue_key: "PROJ-1", text: "T" },
  list_transitions: { issue_key: "PROJ-1" },
  transition_issue: { issue_key: "PROJ-1", transition_id: "31" },
  list_projects: { query: "a b", orderBy: "-name", startAt: 50, maxResults: 10 },
};

const address = { line1: "1 Rue", city: "Paris", country: "FR" };
const list = { created: { gte: 1767225600, lt: 1767312000 }, limit: 50, expand: ["data.customer"] };
const stripe: typeof github = {
  get_balance: {},
  list_balance_transactions: { ...list, type: "charge", payout: "po_1" },
  list_customers: { ...list, email: "ada@example.com" },
  search_customers: { query: "email:'ada@example.com'", limit: 10, expand: ["total_count"] },
  get_customer: { customer_id: "cus_A", expand: ["default_source"] },
  create_customer: {
    email: "ada@example.com",
    name: "Ada",
    description: "D",
    phone: "+33 1",
    address,
    preferred_locales: ["fr", "en"],
    metadata: { tier: "gold" },
    expand: ["sources"],
  },
  update_customer: {
    customer_id: "cus_A",
    email: "ada@example.com",
    name: "Ada",
    description: "D",
    phone: "+33 1",
    default_payment_method: "pm_1",
    metadata: { tier: "" },
    expand: ["sources"],
  },
  delete_customer: { customer_id: "cus_A" },
  list_payment_intents: { ...list, customer: "cus_A" },
  get_payment_intent: { payment_intent_id: "pi_1", expand: ["customer"] },
  create_payment_intent: {
    amount: 1099,
    currency: "eur",
    customer: "cus_A",
    payment_method: "pm_1",
    payment_method_types: ["card"],
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    capture_method: "manual",
    confirm: true,
    off_session: true,
    return_url: "https://acme.example/back",
    receipt_email: "ada@example.com",
    description: "D",
    statement_descriptor_suffix: "ORDER 7",
    metadata: { order: "7" },
    expand: ["customer"],
  },
  capture_payment_intent: { payment_intent_id: "pi_1", amount_to_capture: 500, expand: ["customer"] },
  cancel_payment_intent: {
    payment_intent_id: "pi_1",
    cancellation_reason: "abandoned",
    expand: ["customer"],
  },
  list_charges: { ...list, customer: "cus_A", payment_intent: "pi_1" },
  search_charges: { query: "amount>999", limit: 10, expand: ["total_count"] },
  create_refund: {
    payment_intent: "pi_1",
    charge: "ch_1",
    amount: 5,
    reason: "duplicate",
    metadata: { a: "b" },
    expand: ["charge"],
  },
  list_prices: {
    product: "prod_1",
    active: true,
    lookup_keys: ["a", "b"],
    limit: 5,
    expand: ["data.product"],
  },
  list_subscriptions: { ...list, customer: "cus_A", price: "price_1", status: "all" },
  create_subscription: {
    customer: "cus_A",
    items: [
      { price: "price_1", quantity: 2, tax_rates: ["txr_1"] },
      { price: "price_2", metadata: { a: "b" } },
    ],
    trial_period_days: 14,
    payment_behavior: "default_incomplete",
    default_payment_method: "pm_1",
    cancel_at_period_end: false,
    automatic_tax: true,
    metadata: { a: "b" },
    expand: ["latest_invoice.payment_intent"],
  },
  cancel_subscription: {
    subscription_id: "sub_1",
    invoice_now: true,
    prorate: false,
    expand: ["latest_invoice"],
  },
  list_invoices: {
    ...list,
    customer: "cus_A",
    subscription: "sub_1",
    status: "open",
    due_date: { lte: 1767312000 },
  },
  get_invoice: { invoice_id: "in_1", expand: ["customer"] },
  finalize_invoice: { invoice_id: "in_1", auto_advance: true, expand: ["customer"] },
  list_disputes: { ...list, charge: "ch_1" },
  list_events: { types: ["charge.failed", "invoice.paid"], created: { gt: 1 }, limit: 5 },
};

/** Newer than the documents at hand: the search by page tokens. */
const notInDocument = ["jira-cloud list_issues"];

const documents = [
  { connector: "github", file: "github.json", parameters: github },
  { connector: "jira-cloud", file: "jira-platform.json", parameters: jira },
  { connector: "stripe", file: "stripe.yaml", parameters: stripe },
];

describe.each(documents)("requests of $connector", ({ connector, file, parameters }) => {
  const path = vendorDocument(file);
  let judge: VendorJudge;
  let played: Played;
  beforeAll(async () => {
    if (path === undefined) return;
    const ir = await shippedIr(connector);
    const paths = ir.operations.map(({ exchange }) =>
      exchange.url.path.parts.map((part) => (typeof part === "string" ? part : "{}")).join(""),
    );
    judge = await createVendorJudge(path, (template) => paths.some((known) => samePath(template, known)));
    played = await play(connector, { "* /*": (request) => emptyAnswer(request) }, { schemaCheck: "off" });
  });
  afterAll(() => played?.close());

  it("are tried for every operation", async () => {
    expect(Object.keys(parameters).sort()).toEqual(
      (await shippedIr(connector)).operations.map(({ id }) => id).sort(),
    );
  });

  it.skipIf(path === undefined).each(Object.entries(parameters))(
    "%s fits the vendor's document",
    async (operation, given) => {
      const request = await sent(played, operation, given);
      if (notInDocument.includes(`${connector} ${operation}`)) {
        expect(judge.operationOf(request)).toBeUndefined();
        return;
      }
      expect(judge.operationOf(request)).toBeDefined();
      expect(judge.complaints(request)).toEqual([]);
    },
  );
});

describe("the vendor's document", () => {
  const path = vendorDocument("github.json");

  it.skipIf(path === undefined)("refuses what is wrong, so that its silence means something", async () => {
    const judge = await createVendorJudge(path ?? "", (template) =>
      /^\/repos\/\{owner\}\/\{repo\}\/issues(\/\{issue_number\})?$/.test(template),
    );
    const played = await play(
      "github",
      { "* /*": (request) => emptyAnswer(request) },
      { schemaCheck: "off" },
    );
    const right = await sent(played, "list_issues", repository);
    const made = await sent(played, "create_issue", { ...repository, title: "T" });
    await played.close();
    const changed = (from: ReceivedRequest, change: Partial<ReceivedRequest>): ReceivedRequest => ({
      ...from,
      text: from.text,
      ...change,
    });
    expect(judge.complaints(right)).toEqual([]);
    expect(judge.complaints(made)).toEqual([]);
    expect(
      judge.complaints(changed(right, { target: right.target.replace("state=open", "state=ajar") })),
    ).toEqual([expect.stringContaining("allowed values")]);
    expect(
      judge.complaints(changed(right, { target: right.target.replace("sort=", "sorted_by=") })),
    ).not.toEqual([]);
    expect(judge.complaints(changed(made, { text: "{}" }))).toEqual([
      expect.stringContaining("required property 'title'"),
    ]);
    expect(judge.complaints(changed(made, { text: '{"title":{"text":"T"}}' }))).not.toEqual([]);
  });
});

describe("the vendor's document of forms", () => {
  const path = vendorDocument("stripe.yaml");

  it.skipIf(path === undefined)("refuses what is wrong, so that its silence means something", async () => {
    const judge = await createVendorJudge(path ?? "", (template) =>
      /^\/v1\/(subscriptions|customers)$/.test(template),
    );
    const played = await play(
      "stripe",
      { "* /*": (request) => emptyAnswer(request) },
      { schemaCheck: "off" },
    );
    const right = await sent(played, "create_subscription", {
      customer: "cus_A",
      items: [{ price: "price_1", quantity: 2 }, { price: "price_2" }],
      expand: ["customer"],
    });
    const listed = await sent(played, "list_customers", { created: { gte: 1 }, expand: ["data.sources"] });
    await played.close();
    expect(readForm(right.text)).toEqual({
      customer: "cus_A",
      items: [{ price: "price_1", quantity: "2" }, { price: "price_2" }],
      expand: ["customer"],
    });
    expect(judge.complaints(right)).toEqual([]);
    expect(judge.complaints(listed)).toEqual([]);
    const written = (text: string): readonly string[] => judge.complaints({ ...right, text });
    expect(written(right.text.replaceAll("items[0]", "items").replaceAll("items[1]", "items"))).not.toEqual(
      [],
    );
    expect(written(right.text.replace("[quantity]=2", "[quantity]=two"))).not.toEqual([]);
    expect(written(right.text.replace("expand[]", "expand"))).not.toEqual([]);
    expect(written(right.text.replace("customer=cus_A&", ""))).not.toEqual([]);
    expect(
      judge.complaints({ ...listed, target: listed.target.replace("created[gte]=1", "created[gte]=a") }),
    ).not.toEqual([]);
  });
});

/** The one request that a call sends. */
async function sent(
  played: Played,
  operation: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<ReceivedRequest> {
  const before = played.server.requests.length;
  await played.connection.call(operation, parameters);
  const request = played.server.requests[before];
  if (!request) throw new Error("nothing was sent");
  return request;
}

function emptyAnswer({ method }: ReceivedRequest): Reply {
  return method === "GET" ? json({}) : { status: 204 };
}
