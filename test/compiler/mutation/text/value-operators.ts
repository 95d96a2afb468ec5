/** Slips in URLs, paths, JSONPaths and templates. */
import { swapped } from "./words.ts";

/** Replaces rows `from` to `to` (exclusive). */
export type Edit = readonly [operator: string, from: number, to: number, put: readonly string[]];

export type Put = (operator: string, ...now: readonly string[]) => Edit;

export function* ofUrl(url: string, like: (now: string) => string, put: Put): Iterable<Edit> {
  yield put("url-http", like(url.replace("https://", "http://")));
  yield put("url-no-scheme", like(url.replace(/^https?:\/\//, "")));
  yield put("url-one-slash", like(url.replace("://", ":/")));
  yield put("url-no-colon", like(url.replace("://", "//")));
  yield put("url-typo-scheme", like(url.replace("https", "htps")));
  yield put("url-blank", like(url.replace("://", ":// ")));
  yield put("url-fragment", like(`${url}#top`));
  yield put("url-user", like(url.replace("://", "://me:pass@")));
  yield put("url-comma", like(url.replace(".", ",")));
  yield put("url-dot-twice", like(url.replace(".", "..")));
  yield put("url-port", like(url.replace(/(:\/\/[^/]+)/, "$1:99999")));
  yield put("url-query", like(`${url}?a=1`));
  yield put("url-slash", like(`${url}/`));
}

export function* ofPath(path: string, like: (now: string) => string, put: Put): Iterable<Edit> {
  yield put("path-no-slash", like(path.replace(/^\//, "")));
  yield put("path-two-slashes", like(path.replace(/(?<=.)\//, "//")));
  yield put("path-two-first", like(`/${path}`));
  yield put("path-blank", like(path.replace(/(?<=.)\//, " /")));
  yield put("path-fragment", like(`${path}#top`));
  yield put("path-query", like(`${path}?a`));
  yield put("path-dots", like(`${path}/../x`));
  yield put("path-backslash", like(path.replaceAll("/", "\\\\")));
  yield put("path-colon-hole", like(path.replace(/\{(\w+)\}/, ":$1")));
  yield put("path-angle-hole", like(path.replace(/\{(\w+)\}/, "<$1>")));
  yield put("path-more-hole", like(`${path}/{foo}`));
  yield put("path-full", like(`https://evil.example.org${path}`));
}

export function* ofJsonPath(path: string, like: (now: string) => string, put: Put): Iterable<Edit> {
  yield put("jsonpath-no-dollar", like(path.slice(1)));
  yield put("jsonpath-no-root", like(path.replace(/^\$\./, "")));
  yield put("jsonpath-no-dot", like(path.replace(".", "")));
  yield put("jsonpath-two-dots", like(path.replace(".", "..")));
  yield put(
    "jsonpath-misspelt",
    like(path.replace(/(\w+)(\W*)$/, (_, name: string, tail: string) => swapped(name) + tail)),
  );
  yield put("jsonpath-lower", like(path.toLowerCase()));
  yield put(
    "jsonpath-upper",
    like(path.replace(/\.(\w)/g, (_, letter: string) => `.${letter.toUpperCase()}`)),
  );
  yield put("jsonpath-snake", like(path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  yield put("jsonpath-star", like(`${path}[*]`));
  yield put("jsonpath-first", like(`${path}[0]`));
  yield put("jsonpath-deeper", like(path.replace(/^\$/, "$.data")));
  yield put("jsonpath-shorter", like(path.replace(/\.\w+$/, "")));
  yield put("jsonpath-dot-end", like(`${path}.`));
  yield put("jsonpath-slash", like(path.replaceAll(".", "/")));
  yield put("jsonpath-blank", like(path.replace(".", ". ")));
  yield put("jsonpath-open-bracket", like(`${path}[`));
}

export function* ofTemplate(text: string, like: (now: string) => string, put: Put): Iterable<Edit> {
  const hole = /\{(\w+)\}/.exec(text);
  const name = hole?.[1] ?? "";
  if (hole) {
    yield put("hole-renamed", like(text.replace(`{${name}}`, "{foo}")));
    yield put("hole-misspelt", like(text.replace(`{${name}}`, `{${swapped(name)}}`)));
    yield put("hole-upper", like(text.replace(`{${name}}`, `{${name.toUpperCase()}}`)));
    yield put("hole-blank", like(text.replace(`{${name}}`, `{ ${name} }`)));
    yield put("hole-empty", like(text.replace(`{${name}}`, "{}")));
    yield put("hole-bare", like(text.replace(`{${name}}`, name)));
    yield put("hole-dollar", like(text.replace(`{${name}}`, `\${${name}}`)));
    yield put("hole-mustache", like(text.replace(`{${name}}`, `{{${name}}}`)));
    yield put("hole-square", like(text.replace(`{${name}}`, `[${name}]`)));
    yield put("hole-twice", like(text.replace(`{${name}}`, `{${name}}{${name}}`)));
    yield put("hole-gone", like(text.replace(`{${name}}`, "")));
  }
  const call = /\{(\w+)\(([^)]*)\)/.exec(text);
  if (call) {
    const [whole, fn = "", args = ""] = call;
    yield put("call-misspelt", like(text.replace(whole, `{${swapped(fn)}(${args})`)));
    yield put("call-no-arguments", like(text.replace(whole, `{${fn}()`)));
    yield put("call-empty-first", like(text.replace(whole, `{${fn}(,${args})`)));
    yield put("call-more", like(text.replace(whole, `{${fn}(${args},x,y,z)`)));
    yield put("call-upper", like(text.replace(whole, `{${fn.toUpperCase()}(${args})`)));
    yield put("call-open", like(text.replace(whole, `{${fn}(${args}`)));
    yield put("call-bare-argument", like(text.replace(whole, `{${fn}(${args.replace(/[{}]/g, "")})`)));
  }
}
