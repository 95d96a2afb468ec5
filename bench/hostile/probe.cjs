// Required before the program: tells the parent, on descriptor 3, the most memory (KiB) that the process held and the
// processor time (microseconds) that it took.
process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  require("node:fs").writeSync(3, `${maxRSS} ${userCPUTime + systemCPUTime}`);
});
