export function tools(): Record<string, unknown>[];
export function answer(
  name: string,
  given: Readonly<Record<string, unknown>>,
): {
  content: { type: "text"; text: string }[];
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
};
