/**
 * C1, soft hyphen, joiners, fillers, bidi controls, separators, variation selectors but for the one of emoji,
 * interlinear marks, what is no character, tags. For `replace` and `match` alone, as it is global.
 */
export const unseen: RegExp =
  /[\u{7f}-\u{9f}\u{ad}\u{61c}\u{115f}\u{1160}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff0}-\u{fffb}\u{fffe}\u{ffff}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\u{34f}|[\u{17b4}\u{17b5}]|[\u{180b}-\u{180d}\u{180f}]|[\u{fe00}-\u{fe0e}]/gu;
