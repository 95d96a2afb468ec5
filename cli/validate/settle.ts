/** When a change is over: saving empties a file before it fills it, and an editor or a checkout writes several. */

/** How the files under watch stand at one moment. */
export interface Standing {
  /** The same text as long as nothing has changed. */
  readonly state: string;
  /** Whether a file is empty or gone that was not so at the last run. */
  readonly isUnfinished: boolean;
}

/** Waits for a change to be over: files that are written for ever, such as a log, must not keep a run from beginning. */
const mostPauses = 10;

/**
 * Settles once a whole pause has passed in which nothing changed and after which no file looks half written.
 * `pause` waits a little and answers whether the system told of a change meanwhile; nothing is waited for longer than
 * ten pauses, after which an empty file is taken for what its author wants.
 */
export async function settle(look: () => Standing, pause: () => Promise<boolean>): Promise<void> {
  let before = look();
  for (let pauses = 0; pauses < mostPauses; pauses++) {
    const told = await pause();
    const now = look();
    if (!told && now.state === before.state && !now.isUnfinished) return;
    before = now;
  }
}
