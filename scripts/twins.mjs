// `npm run notebooks:twins`: writes the .ipynb twin of every notebook; a test compares them.
import fs from "node:fs";
import path from "node:path";
import { htmlToJupyter } from "../dist/notebook/convert-notebook.js";

const folder = path.join(import.meta.dirname, "..", "notebooks");
for (const name of fs.readdirSync(folder).filter((file) => file.endsWith(".html"))) {
  const twin = path.join(folder, name.replace(/html$/, "ipynb"));
  fs.writeFileSync(twin, htmlToJupyter(fs.readFileSync(path.join(folder, name), "utf8"), name).text);
  console.log(path.relative(process.cwd(), twin));
}
