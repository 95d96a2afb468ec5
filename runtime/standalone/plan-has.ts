/** Which keys its plan has, and what else it asks for. */
import type {
  BodyPlan,
  ExtractPlan,
  FieldPlan,
  LimitPlan,
  MatcherPlan,
  OperationPlan,
  PagePlan,
  PlacementPlan,
  Plan,
  PlanTrait,
  ProfilePlan,
  StepPlan,
  TestPlan,
} from "../../schema/standalone-plan.ts";

type PlanKey =
  | keyof BodyPlan
  | keyof ExtractPlan
  | keyof FieldPlan
  | keyof LimitPlan
  | keyof MatcherPlan
  | keyof OperationPlan
  | keyof PagePlan
  | keyof PlacementPlan
  | keyof Plan
  | keyof ProfilePlan
  | keyof StepPlan
  | keyof TestPlan
  | PlanTrait;

/**
 * `planHas.key` stands before what reads that key: `planHas.key && …`, `if (planHas.key …)`, `planHas.key ? … : …`. An emitter
 * puts false in its place where the plan of a connector has the key nowhere, and leaves out what is then never reached. Here,
 * where no plan is known, each is true.
 */
export const planHas: Readonly<Record<PlanKey, true>> = new Proxy({} as Record<PlanKey, true>, {
  get: () => true,
});
