import { channel } from "node:diagnostics_channel";
import type { CallListener, Telemetry } from "./telemetry.ts";

/** Publishes calls on the diagnostics channel `connectorc:call` while someone subscribes, and to the host's listener. */
export function createTelemetry(listener: CallListener | undefined): Telemetry {
  const calls = channel("connectorc:call");
  return {
    get active() {
      return listener !== undefined || calls.hasSubscribers;
    },
    emit: (event) => {
      try {
        listener?.(event);
      } catch {
        // A fault of the listener is no fault of the call.
      }
      calls.publish(event);
    },
  };
}
