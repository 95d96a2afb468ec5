/** The disk as the compiler sees it: schema files beside the descriptor, and nothing else. */
export interface Host {
  /**
   * The text or bytes of a file, named relative to the descriptor's folder. An implementation resolves links and
   * refuses what lies outside of the folder or is no regular file, with a sentence.
   */
  readText(file: string): Promise<{ readonly text: string | Uint8Array } | { readonly problem: string }>;
}
