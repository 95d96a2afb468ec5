/**
 * What the GitHub Action runs: installs the packed command line and validates. It starts every program with a list of
 * arguments and no shell, so that no input is ever read as code.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";

const { env } = process;

main();

function main() {
  if (!isNewEnough(process.versions.node))
    fail(`Node ${process.versions.node} is too old; put actions/setup-node before this action, with node-version 20 or later`);
  const wanted = packageFor(env.CONNECTOR_VERSION?.trim() ?? "");
  const folder = mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), "connectorc-"));
  const program = install(wanted, folder);
  const sarif = join(folder, "connector-validate.sarif");
  const preset = env.CONNECTOR_PRESET?.trim();
  const { status, error } = spawnSync(
    process.execPath,
    [
      program,
      "validate",
      "--format",
      "github",
      "--format",
      `sarif=${sarif}`,
      ...(preset ? ["--preset", preset] : []),
      ...linesOf(env.CONNECTOR_ARGS),
      "--",
      ...linesOf(env.CONNECTOR_PATHS),
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if (error) fail(`connector could not be started: ${error.message}`);
  output("exit-code", String(status ?? 2));
  if (existsSync(sarif)) output("sarif-file", sarif);
  process.exitCode = status ?? 2;
}

/** 20.19 and later can load the package. */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** What npm is to install. Only versions of this package and packed files are let through, no other source. */
function packageFor(version) {
  if (version.endsWith(".tgz")) {
    const path = resolve(version);
    if (!existsSync(path)) fail(`there is no file ${version}; check the input version`);
    return path;
  }
  const wanted = version || ownVersion();
  if (!/^[~^]?v?\d[\w.+-]*$|^(?:latest|next)$/.test(wanted))
    fail(`${JSON.stringify(wanted)} is no version; write one such as 1.2.3, ^1.2.0 or latest, or the path of a .tgz`);
  return `connectorc@${wanted}`;
}

function ownVersion() {
  return JSON.parse(readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8")).version;
}

/** Installs into a folder of its own, without running scripts of packages; answers the path of the program. */
function install(wanted, folder) {
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error", "--", wanted];
  // On Windows npm is a script for the shell, which would read the version as code: its JavaScript is started instead.
  const npm = env.npm_execpath || join(process.execPath, "..", "node_modules", "npm", "bin", "npm-cli.js");
  const [command, first] = process.platform === "win32" ? [process.execPath, [npm]] : ["npm", []];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (error || status !== 0) fail(`${wanted} could not be installed; the lines above say why`);
  return join(folder, "node_modules", "connectorc", "dist", "cli", "connector.cjs");
}

function linesOf(text = "") {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Names and values are ours and hold no line break, so that the simple form of an output is safe. */
function output(name, value) {
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `${name}=${value}\n`);
}

/** Ends the step with an annotation; what it holds of inputs cannot begin a command of its own. */
function fail(message) {
  const escaped = message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  process.stdout.write(`::error title=connector validate::${escaped}\n`);
  output("exit-code", "2");
  process.exit(2);
}
