/** All faults, by family. */
import { answerFaults } from "./families/answers.ts";
import { connectFaults } from "./families/connect.ts";
import { credentialFaults } from "./families/credentials.ts";
import { pageFaults } from "./families/pages.ts";
import { platformFaults } from "./families/platform.ts";
import { transferFaults } from "./families/transfer.ts";
import type { Fault } from "./fault.ts";

export const families: Readonly<Record<string, readonly Fault[]>> = {
  Connecting: connectFaults,
  "On the wire": transferFaults,
  Answers: answerFaults,
  Lists: pageFaults,
  Credentials: credentialFaults,
  "Process and store": platformFaults,
};
