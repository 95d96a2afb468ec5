/** `connectorc/runtime`: what a service embeds. Loads no compiler and no YAML. */

export type { SchemaCheckMode } from "./call/operation-plan.ts";
export type { ConnectOptions } from "./connection/connect-options.ts";
export type {
  CallOptions,
  CallResult,
  Connection,
  Health,
  Outcome,
  PageOptions,
  Parameters,
  RawRequest,
  ResponseStream,
  StreamOptions,
  Warning,
} from "./connection/connection.ts";
export { createRuntime, type Runtime, type RuntimeOptions, type RuntimeReport } from "./create-runtime.ts";
export type { CredentialFunction } from "./credentials/field-source.ts";
export type { GivenFields } from "./credentials/fields.ts";
export type { Authorization, Grant } from "./credentials/login.ts";
export type { GivenCredentials } from "./credentials/profile-set.ts";
export type { SecretsOptions } from "./crypto/keyring.ts";
export { ConnectorError, type ErrorCode, type ErrorFields, type Phase } from "./errors.ts";
export type { Identity } from "./identity.ts";
export type { Priority } from "./pacing/priority.ts";
export type { Page } from "./paginate/page.ts";
export type * from "./platform.ts";
export type {
  Admission,
  Awaitable,
  BodyStream,
  Clock,
  Demand,
  Lease,
  LimitObject,
  LimitTrial,
  Logger,
  Random,
  ResponseHeaders,
  Said,
  Sink,
  Slot,
  State,
  StateKey,
  StateReport,
  StoredSecret,
  TimerHandle,
  Transport,
  TransportError,
  WireRequest,
} from "./ports.ts";
export type { FileValue } from "./request/file.ts";
export type { StreamInput } from "./request/stream-source.ts";
export type { CircuitOptions, CircuitReport } from "./retry/circuit.ts";
export { Secret } from "./secrets/secret.ts";
export { createFileState, type FileState, type FileStateOptions } from "./state/file-state.ts";
export type { TelemetryOptions } from "./telemetry/channel.ts";
export type { OtelMeter, OtelTracer } from "./telemetry/otel-types.ts";
export type { SlaReport, SlaWindow } from "./telemetry/sla.ts";
export type { StageTimes } from "./telemetry/stage-clock.ts";
export type { AttemptEvent, CallEvent, CallListener, RefreshEvent } from "./telemetry/telemetry.ts";
export type { ServerCommand } from "./transport/stdio-server.ts";
export type { NetworkOptions } from "./transport/undici-transport.ts";
export type { UpstreamTool } from "./upstream/upstream.ts";
export { version } from "./version.ts";
