/** From so many bytes of descriptor on, what V8 would leave uncollected counts. */
const largeBytes = 128 * 1024;

/**
 * By itself V8 lets a heap grow to four times what is in use before it collects: two mebibytes of descriptor would hold
 * up to 400. Small ones are done before that matters, and to load `node:v8` takes a twentieth of their time.
 */
export function limitHeapGrowth(bytes: number): void {
  if (bytes >= largeBytes) setGrowth(60);
}

/** Takes the limit back. V8 refuses compiled code that was made under other flags than those it starts with. */
export function unlimitHeapGrowth(): void {
  setGrowth(0);
}

function setGrowth(percent: number): void {
  // A flag that a later V8 does not know would print to standard error.
  if (Number.parseInt(process.versions.v8, 10) <= 13)
    process.getBuiltinModule("node:v8").setFlagsFromString(`--heap-growing-percent=${percent}`);
}
