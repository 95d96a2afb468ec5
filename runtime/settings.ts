import type { Connector, Setting } from "../schema/ir.ts";
import { ConnectorError } from "./errors.ts";
import type { Awaitable } from "./ports.ts";
import { coerce } from "./request/coerce.ts";
import { Refused } from "./request/refused.ts";
import type { Values } from "./request/scope.ts";
import { toText } from "./request/text.ts";
import { suggestion } from "./suggest.ts";

/**
 * The settings of a connection: checked, typed, with defaults. A declared one that is required must be given; one
 * that only a URL implies is missed where that URL is used.
 */
export function readSettings(ir: Connector, config: Readonly<Record<string, unknown>>): Values {
  checkKeys(ir, config);
  const values = new Map<string, unknown>();
  for (const setting of ir.settings) {
    const given = Object.hasOwn(config, setting.key) ? config[setting.key] : undefined;
    const value = given ?? setting.default;
    if (value !== undefined && value !== null) values.set(setting.key, readSetting(setting, value));
    else if (setting.required && !setting.implied)
      throw settingError(setting, "is required. Give it under `config` of the connection");
  }
  return values;
}

/** Checks values against patterns; those run on an engine that loads when the first is met. */
export function checkPatterns(ir: Connector, values: Values): Awaitable<void> {
  const waiting = ir.settings.filter((setting) => setting.pattern !== undefined && values.has(setting.key));
  return waiting.length === 0 ? undefined : matchAll(waiting, values);
}

async function matchAll(settings: readonly Setting[], values: Values): Promise<void> {
  const { compilePattern } = await import("../schema/language/pattern-engine.ts");
  for (const setting of settings) {
    const pattern = compilePattern(setting.pattern ?? "", "whole");
    // A bound on where credentials go must hold: one that cannot be run lets nothing pass.
    if (!("test" in pattern))
      throw settingError(setting, `has a pattern that cannot be run: ${pattern.problem}`);
    if (!pattern.test(toText(values.get(setting.key))))
      throw settingError(setting, `does not match its pattern ${setting.pattern}`);
  }
}

function checkKeys(ir: Connector, config: Readonly<Record<string, unknown>>): void {
  const known = ir.settings.map((setting) => setting.key);
  for (const key of Object.keys(config)) {
    if (known.includes(key)) continue;
    const isCredential = ir.profiles.some((profile) => profile.fields.some((field) => field.key === key));
    throw new ConnectorError({
      code: "configuration",
      phase: "configuration",
      message: isCredential
        ? `"${key}" is a credential. Give it under \`credentials\`, not under \`config\`.`
        : `There is no setting "${key}".${suggestion(key, known)}`,
      details: { setting: key },
    });
  }
}

function readSetting(setting: Setting, given: unknown): unknown {
  try {
    const value = coerce(given, setting.type);
    if (setting.enum && !setting.enum.some((item) => item === value))
      throw new Refused(`must be one of ${setting.enum.map((item) => JSON.stringify(item)).join(", ")}`);
    const format = setting.format === undefined ? undefined : formats[setting.format];
    if (format && !format.test(toText(value))) throw new Refused(`is no ${setting.format}`);
    return value;
  } catch (thrown) {
    if (thrown instanceof Refused) throw settingError(setting, thrown.message);
    throw thrown;
  }
}

/** Formats that bound a value by its shape; others are annotations. None can backtrack over its input. */
const formats: { readonly [name: string]: RegExp | undefined } = {
  hostname: /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
  subdomain: /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  uri: /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/,
  ipv4: /^(\d{1,3}\.){3}\d{1,3}$/,
  ipv6: /^[0-9A-Fa-f:]{2,39}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/,
  date: /^\d{4}-\d{2}-\d{2}$/,
};

function settingError(setting: Setting, problem: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `Setting "${setting.key}" ${problem}.`,
    details: { setting: setting.key },
  });
}
