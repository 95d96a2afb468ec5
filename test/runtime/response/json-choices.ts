/** What becomes of the texts that JSON's standards leave to each reader: the `i_` files of the JSON parsing suite, each with the reason. */

const notUtf8 = "JSON is UTF-8 (RFC 8259, section 8.1), and what is not is never guessed at";
const loneHalf =
  "the text names it by an escape, and JavaScript's strings can hold it; where it goes on, it is written as an escape or refused";
const exact = "a number of JavaScript would lose digits, so it comes as its text";
const tooLarge = "a number of JavaScript cannot hold it, so it comes as its text";
const nearest = "the nearest number of JavaScript, as for every fraction";

export interface Choice {
  /** Undefined where the answer is refused: `response_invalid`. */
  readonly becomes: { readonly value: unknown } | undefined;
  readonly why: string;
}

const value = (read: unknown, why: string): Choice => ({ becomes: { value: read }, why });
const refused = (why: string): Choice => ({ becomes: undefined, why });

/** `[[…]]` of so many levels. */
function nested(levels: number): unknown {
  let list: unknown[] = [];
  for (let level = 1; level < levels; level++) list = [list];
  return list;
}

/** By file, without `i_` and `.json`. */
export const jsonChoices: { readonly [file: string]: Choice } = {
  number_double_huge_neg_exp: value([0], nearest),
  number_huge_exp: value(
    [
      "0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999969999999006",
    ],
    tooLarge,
  ),
  number_neg_int_huge_exp: value(["-1e+9999"], tooLarge),
  number_pos_double_huge_exp: value(["1.5e+9999"], tooLarge),
  number_real_neg_overflow: value(["-123123e100000"], tooLarge),
  number_real_pos_overflow: value(["123123e100000"], tooLarge),
  number_real_underflow: value([0], nearest),
  number_too_big_neg_int: value(["-123123123123123123123123123123"], exact),
  number_too_big_pos_int: value(["100000000000000000000"], exact),
  number_very_big_negative_int: value(["-237462374673276894279832749832423479823246327846"], exact),
  object_key_lone_2nd_surrogate: value({ "\udfaa": 0 }, loneHalf),
  string_1st_surrogate_but_2nd_missing: value(["\udada"], loneHalf),
  string_1st_valid_surrogate_2nd_invalid: value(["\ud888\u1234"], loneHalf),
  "string_UTF-16LE_with_BOM": refused(notUtf8),
  "string_UTF-8_invalid_sequence": refused(notUtf8),
  "string_UTF8_surrogate_U+D800": refused(notUtf8),
  string_incomplete_surrogate_and_escape_valid: value(["\ud800\n"], loneHalf),
  string_incomplete_surrogate_pair: value(["\udd1ea"], loneHalf),
  string_incomplete_surrogates_escape_valid: value(["\ud800\ud800\n"], loneHalf),
  string_invalid_lonely_surrogate: value(["\ud800"], loneHalf),
  string_invalid_surrogate: value(["\ud800abc"], loneHalf),
  "string_invalid_utf-8": refused(notUtf8),
  "string_inverted_surrogates_U+1D11E": value(["\udd1e\ud834"], loneHalf),
  string_iso_latin_1: refused(notUtf8),
  string_lone_second_surrogate: value(["\udfaa"], loneHalf),
  string_lone_utf8_continuation_byte: refused(notUtf8),
  string_not_in_unicode_range: refused(notUtf8),
  string_overlong_sequence_2_bytes: refused(notUtf8),
  string_overlong_sequence_6_bytes: refused(notUtf8),
  string_overlong_sequence_6_bytes_null: refused(notUtf8),
  "string_truncated-utf-8": refused(notUtf8),
  string_utf16BE_no_BOM: refused(notUtf8),
  string_utf16LE_no_BOM: refused(notUtf8),
  structure_500_nested_arrays: value(nested(500), "no depth is too much to be read"),
  "structure_UTF-8_BOM_empty_object": value(
    {},
    "RFC 8259, section 8.1, lets readers ignore a byte order mark; a second one is refused",
  ),
};
