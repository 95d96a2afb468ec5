/** From so many bytes of descriptor on, what V8 would leave uncollected counts. */
const largeBytes = 128 * 1024;

/**
 * By itself V8 lets a heap grow to four times what is in use before it collects: two mebibytes of descriptor would hold
 * up to 400. Small ones are done before that matters, and to load `node:v8` takes a twentieth of their time.
 */
export function limitHeapGrowth(bytes: number): void {
  if (bytes >= largeBytes) setFlags(60, patientBudget);
}

/**
 * Bytes of bytecode that a function runs before V8 asks whether to optimise it, and what V8 takes by itself. A run of
 * seconds goes through some hundred rules: half of the time that optimising them takes does not come back.
 */
const patientBudget = 400_000;
const usualBudget = 67_584;

/** Takes the limit back. V8 refuses compiled code that was made under other flags than those it starts with. */
export function unlimitHeapGrowth(): void {
  setFlags(0, usualBudget);
}

function setFlags(growthPercent: number, interruptBudget: number): void {
  // A flag that a later V8 does not know would print to standard error.
  const version = Number.parseInt(process.versions.v8, 10);
  if (version > 13) return;
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  // Node 22 and 24 count otherwise, and optimise less eagerly.
  if (version === 11) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}
