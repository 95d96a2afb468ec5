import type { ProfileType } from "../../schema/ir.ts";
import { pointerText } from "../read/tree.ts";
import { doubledKey } from "../validate/broken-marks.ts";
import type { Cursor } from "./cursor.ts";
import { declareField } from "./declare-fields.ts";
import type { DeclaredChain, DeclaredField, DeclaredProfile } from "./declared.ts";
import { createFind } from "./find.ts";
import { impliedFields, withTokens } from "./implied-fields.ts";
import { type IsOpen, isLost } from "./openness.ts";

const profileTypes: readonly string[] = [
  "api_key",
  "basic",
  "bearer",
  "none",
  "oauth2_authorization_code",
  "oauth2_client_credentials",
  "service_account",
  "jwt",
  "oauth1",
  "aws_sigv4",
  "digest",
  "wsse",
];

const findChain = createFind<DeclaredChain>(({ id }) => id);

/** A profile with the fields that it has or implies; none where its type is unknown. */
export function declareProfile(
  at: Cursor,
  chains: readonly DeclaredChain[],
  settings: readonly DeclaredField[],
  isOpen: IsOpen,
  broken: ReadonlySet<string>,
): DeclaredProfile[] {
  const type = at.at("type").string();
  if (type === undefined || !isProfileType(type)) return [];
  const chainId = at.at("credential_chain_id").string();
  const chain = chainId === undefined ? undefined : findChain(chains, chainId);
  const declared = at
    .at("fields")
    .items()
    .flatMap((field) => declareField(field, true));
  const hasFields = at.has("fields");
  const open =
    isOpen(at.at("fields"), "key") ||
    isLost(at, "fields", broken) ||
    (broken.size > 0 && broken.has(pointerText([...at.path, doubledKey]))) ||
    (chain?.open ?? false) ||
    (at.has("credential_chain_id") && !chain);
  return [
    {
      id: at.at("profile_id").string() ?? type,
      type,
      at,
      hasFields,
      chain,
      open,
      fields: hasFields ? withTokens(type, declared, at) : impliedFields(type, chain, settings, at),
    },
  ];
}

function isProfileType(type: string): type is ProfileType {
  return profileTypes.includes(type);
}
