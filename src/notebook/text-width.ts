/** Advance widths of Helvetica from space to tilde, in thousandths of the font size (Adobe's metrics of the font). */
const HELVETICA = [
  ...[278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278],
  ...[556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556],
  ...[1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778],
  ...[667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556],
  ...[333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556],
  ...[556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584],
];
/** Of signs that are not in the table: that of a digit. */
const OTHER = 556;
/** Where Helvetica is missing, what stands in for it may be wider (DejaVu Sans by an eighth). */
const SAFETY = 1.12;

/** Room for a text in a figure that is laid out without a screen [pixels]. */
export function textWidth(text: string, fontSize: number): number {
  let thousandths = 0;
  for (const sign of text) thousandths += HELVETICA[(sign.codePointAt(0) ?? 0) - 32] ?? OTHER;
  return (SAFETY * thousandths * fontSize) / 1000;
}
