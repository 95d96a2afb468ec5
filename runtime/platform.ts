/**
 * Names of the platform that our declarations use. Empty, they merge with those of DOM and of `@types/node`; in a project
 * that has neither they stand for themselves, so that its type check needs no types but ours.
 */
declare global {
  interface AbortSignal {}
  interface URL {}
}

export {};
