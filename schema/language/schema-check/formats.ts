/** The formats that are checked, each leniently: what a known API sends must pass, what is plainly wrong must not. */

/** True where the text has the format. */
export type FormatTest = (text: string) => boolean;

const dateShape = /^\d{4}-\d\d-\d\d$/;
const dateTimeShape =
  /^\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)$/;

function isDate(text: string): boolean {
  return dateShape.test(text) && isCalendarDay(text);
}

/** RFC 3339, section 5.6; a blank for the `T` and an offset without colon are let through, leap seconds too. */
function isDateTime(text: string): boolean {
  return dateTimeShape.test(text) && isCalendarDay(text);
}

/** `text` begins with YYYY-MM-DD. */
function isCalendarDay(text: string): boolean {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= 28 || day <= daysIn(month, twoDigits(text, 0) * 100 + twoDigits(text, 2));
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** An address literal may stand for the host; quoted local parts are rare and let through. */
function isEmail(text: string): boolean {
  return /^(?:"[^\r\n]*"|[^\s@]+)@(?:\[[^\]\s]+\]|[^\s@]+)$/.test(text);
}

function isUri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]*$/.test(text);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
}

function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text);
}

/** RFC 4291, section 2.2. */
function isIpv6(text: string): boolean {
  const ipv4 = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (ipv4 && !isIpv4(ipv4[2] ?? "")) return false;
  const groups = (ipv4 ? `${ipv4[1]}0:0` : text).split("::");
  if (groups.length > 2) return false;
  const parts = groups.flatMap((group) => (group === "" ? [] : group.split(":")));
  return (
    parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) &&
    (groups.length === 2 ? parts.length <= 7 : parts.length === 8)
  );
}

/** The family, by the name that a schema gives. */
export const formats: ReadonlyMap<string, { readonly test: FormatTest; readonly noun: string }> = new Map([
  ["date", { test: isDate, noun: "a date (YYYY-MM-DD)" }],
  ["date-time", { test: isDateTime, noun: "a date and time (RFC 3339)" }],
  ["email", { test: isEmail, noun: "an email address" }],
  ["uri", { test: isUri, noun: "a URI" }],
  ["uuid", { test: isUuid, noun: "a UUID" }],
  ["ipv4", { test: isIpv4, noun: "an IPv4 address" }],
  ["ipv6", { test: isIpv6, noun: "an IPv6 address" }],
]);
