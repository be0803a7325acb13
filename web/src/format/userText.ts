// Text that users wrote, inside a sentence of ours: its direction must not change that of the sentence.

// Embeddings, overrides and isolates: https://www.unicode.org/reports/tr9/#Directional_Formatting_Codes
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g
// Hebrew to Arabic Extended, their presentation forms, and the right-to-left blocks of the supplementary planes.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u
const [ISOLATE, POP] = ['\u2068', '\u2069']

/** Without the characters that change the direction of what follows. */
export const withoutBidiControls = (text: string): string => text.replace(BIDI_CONTROLS, '')

/** For titles and labels, which are plain text: right-to-left text between isolate characters. */
export function isolate(text: string): string {
  const plain = withoutBidiControls(text)
  return RIGHT_TO_LEFT.test(plain) ? ISOLATE + plain + POP : plain
}
