import type { Rule } from "../rule.ts";

export const slaFraction: Rule = {
  id: "sla/fraction",
  severity: "warning",
  summary: "An availability that reads like a fraction: it is counted in percent.",
  check: ({ declared }, report) => {
    const at = declared.root.at("sla").at("availability_percentage");
    const value = at.number();
    if (value === undefined || value <= 0 || value > 1) return;
    const percent = String(Number((value * 100).toPrecision(12)));
    report({
      path: at.path,
      message: `The API is said to be up ${value} % of the time; as a fraction this would be ${percent} %.`,
      label: "in percent",
      help: `To say ${percent} %, write ${percent}.`,
      replace: percent,
    });
  },
};
