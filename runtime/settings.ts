import type { Connector, Setting } from "../schema/ir.ts";
import { ConnectorError } from "./errors.ts";
import { checkFormat } from "./formats.ts";
import type { Awaitable } from "./ports.ts";
import { coerce } from "./request/coerce.ts";
import { Refused } from "./request/refused.ts";
import type { Values } from "./request/scope.ts";
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
  const { patternProblem } = await import("./patterns.ts");
  for (const setting of settings) {
    const problem = patternProblem(setting.pattern ?? "", values.get(setting.key));
    if (problem !== undefined) throw settingError(setting, problem);
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
    checkFormat(setting.format, value);
    return value;
  } catch (thrown) {
    if (thrown instanceof Refused) throw settingError(setting, thrown.message);
    throw thrown;
  }
}

function settingError(setting: Setting, problem: string): ConnectorError {
  return new ConnectorError({
    code: "configuration",
    phase: "configuration",
    message: `Setting "${setting.key}" ${problem}.`,
    details: { setting: setting.key },
  });
}
