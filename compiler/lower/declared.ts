import type { FieldType, ParameterLocation, ProfileType } from "../../schema/ir.ts";
import type { Cursor } from "./cursor.ts";

/**
 * What a descriptor declares, each thing with the place where it stands: the tables that names are bound
 * against and that the rules look things up in. Nothing is judged here.
 */
export interface Declared {
  readonly root: Cursor;
  readonly settings: readonly DeclaredField[];
  readonly profiles: readonly DeclaredProfile[];
  readonly chains: readonly DeclaredChain[];
  readonly operations: readonly DeclaredOperation[];
  readonly limits: readonly DeclaredLimit[];
  readonly schemas: readonly { readonly name: string; readonly at: Cursor }[];
  readonly tools: readonly DeclaredTool[];
  /** Which lists may lack a name that stands there (see `openness.ts`). */
  readonly open: {
    readonly settings: boolean;
    readonly profiles: boolean;
    readonly chains: boolean;
    readonly operations: boolean;
    readonly limits: boolean;
    readonly schemas: boolean;
  };
}

/** A credential field or a connection setting. */
export interface DeclaredField {
  readonly key: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly secret: boolean;
  readonly implied: boolean;
  /** Bounded by a pattern, an enum or a format. */
  readonly bounded: boolean;
  /** The field itself; of an implied one, what implies it. */
  readonly at: Cursor;
}

export interface DeclaredProfile {
  readonly id: string;
  readonly type: ProfileType;
  readonly at: Cursor;
  readonly fields: readonly DeclaredField[];
  /** It declares fields itself. */
  readonly hasFields: boolean;
  readonly chain: DeclaredChain | undefined;
  /** Some of its fields could not be read. */
  readonly open: boolean;
}

export interface DeclaredChain {
  readonly id: string;
  readonly at: Cursor;
  readonly initial: readonly { readonly key: string; readonly at: Cursor }[];
  readonly steps: readonly DeclaredStep[];
  readonly final: string | undefined;
  /** Some of its names could not be read. */
  readonly open: boolean;
}

export interface DeclaredStep {
  readonly name: string;
  readonly at: Cursor;
  readonly extracts: readonly { readonly name: string; readonly at: Cursor }[];
}

export interface DeclaredOperation {
  readonly id: string;
  readonly at: Cursor;
  readonly parameters: readonly DeclaredParameter[];
  readonly open: boolean;
}

export interface DeclaredParameter {
  readonly name: string;
  readonly location: ParameterLocation;
  readonly type: FieldType;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly at: Cursor;
}

export interface DeclaredLimit {
  readonly name: string | undefined;
  readonly scope: string;
  readonly at: Cursor;
}

export interface DeclaredTool {
  readonly name: string | undefined;
  readonly operation: string | undefined;
  readonly at: Cursor;
}
