/** A notebook in Observable's format from cells as [mode, source]. */
export function notebookText(cells: readonly (readonly ["ts" | "md", string])[]): string {
  const types = { ts: "text/x-typescript", md: "text/markdown" };
  const scripts = cells.map(([mode, source], i) => {
    const lines = source.split("\n").map((line) => `    ${line}`);
    return `  <script id="${i + 1}" type="${types[mode]}">\n${lines.join("\n")}\n  </script>`;
  });
  return `<!doctype html>\n<notebook theme="air">\n  <title>Test</title>\n${scripts.join("\n")}\n</notebook>\n`;
}
