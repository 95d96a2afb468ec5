import { expect, it } from "vitest";
import { descriptor, told } from "./told.ts";

const allowing = (hosts: string): string =>
  descriptor(`
base_url: https://api.desk.com
allowed_hosts: [${hosts}]
authentication: [{ type: bearer, allowed_hosts: [${hosts}] }]
operations:
  - { operation_id: me, summary: Me, auth_type_ref: bearer, endpoint: /me }
`);

it.each(['"*.com"', '"*.co.uk"', '"*.herokuapp.com"', '"*.com:8443"'])(
  "%s admits strangers, at the top and of a profile",
  async (host) => {
    const finding = { rule: "url/wide-allowed-host", severity: "warning", at: host, way: [] };
    expect(await told(allowing(host))).toEqual([finding, finding]);
  },
);

it.each([
  '"*.desk.com"',
  '"*.desk.co.uk"',
  '"*.desk.herokuapp.com"',
  "desk.herokuapp.com",
  "localhost",
  '"*.internal"',
])("%s admits one owner", async (host) => {
  expect(await told(allowing(host))).toEqual([]);
});
