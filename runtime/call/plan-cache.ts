import type { Awaitable } from "../ports.ts";
import type { OperationPlan } from "./operation-plan.ts";

/** The plan of each operation, made at first use; a failure to make one is not kept. */
export class PlanCache {
  readonly #plans: Map<string, OperationPlan | Promise<OperationPlan>> = new Map();

  /** The plan where it is at hand. */
  known(id: string): OperationPlan | undefined {
    const held = this.#plans.get(id);
    return held instanceof Promise ? undefined : held;
  }

  get(id: string, make: () => Promise<OperationPlan>): Awaitable<OperationPlan> {
    const held = this.#plans.get(id);
    if (held) return held;
    const making = make().then(
      (plan) => {
        this.#plans.set(id, plan);
        return plan;
      },
      (thrown) => {
        this.#plans.delete(id);
        throw thrown;
      },
    );
    this.#plans.set(id, making);
    return making;
  }
}
