// Builds style sheets and scripts into the folder named on the command line; `python -m consult.web.assets` calls it.
// Prints one JSON object: the name a template uses -> the file made for it.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const WEB = path.dirname(HERE);
const OUT = path.resolve(process.argv[2]);
const MODULES = path.join(HERE, "node_modules");
const names = {};

// The browsers that residents have: those with modules, :focus-visible and `inset`.
const TARGET = ["chrome100", "firefox100", "safari15.4"];

async function styles() {
  const folder = path.join(WEB, "styles");
  for (const name of ["resident", "staff"]) {
    const { css } = sass.compile(path.join(folder, `${name}.scss`), {
      loadPaths: [MODULES],
      quietDeps: true,
      logger: sass.Logger.silent,
    });
    const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: TARGET });
    writeFileSync(path.join(OUT, `${name}.css`), code);
    names[`${name}.css`] = `${name}.css`;
  }
}

// Plotly brings the style sheet of its map library even where there are no maps, in a style element with this id.
function plotlyMapStyle() {
  const text = readFileSync(path.join(MODULES, "plotly.js-basic-dist-min", "plotly-basic.min.js"), "utf8");
  const found = text.match(/getElementById\("([0-9a-f]{64})"\)/);
  if (!found) throw new Error("plotly.js no longer adds a style sheet for maps: take this rule out");
  return found[1];
}

async function scripts() {
  const folder = path.join(WEB, "scripts");
  const entries = readdirSync(folder).filter((file) => file.endsWith(".js"));
  const { metafile } = await esbuild.build({
    entryPoints: entries.map((file) => path.join(folder, file)),
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "esm",
    splitting: true,
    entryNames: "[name]",
    chunkNames: "part-[hash]",
    target: TARGET,
    legalComments: "none",
    metafile: true,
    nodePaths: [MODULES],
    define: { PLOTLY_MAP_STYLE: JSON.stringify(plotlyMapStyle()) },
    absWorkingDir: WEB,
    logLevel: "warning",
  });
  for (const [file, made] of Object.entries(metafile.outputs)) {
    if (made.entryPoint && !path.basename(file).startsWith("part-")) {
      names[path.basename(made.entryPoint)] = path.basename(file);
    }
  }
}

// Web fonts are opt-in; reports read the TTF files by their plain names.
function fonts() {
  const web = path.join(OUT, "fonts");
  const report = path.join(OUT, "report-fonts");
  mkdirSync(web);
  mkdirSync(report);
  const faces = [];
  const ranges = {
    latin: "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122",
    "latin-ext": "U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF",
    cyrillic: "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
    georgian: "U+0589, U+10A0-10FF, U+1C90-1CBA, U+1CBD-1CBF, U+205A, U+2D00-2D2F, U+2E31",
  };
  for (const [script, range] of Object.entries(ranges)) {
    const family = script === "georgian" ? "noto-sans-georgian" : "noto-sans";
    for (const weight of [400, 700]) {
      const file = `${family}-${script}-${weight}-normal.woff2`;
      cpSync(path.join(MODULES, "@fontsource", family, "files", file), path.join(web, file));
      faces.push(
        `@font-face{font-family:"Noto Sans${script === "georgian" ? " Georgian" : ""}";font-style:normal;` +
          `font-display:swap;font-weight:${weight};src:url(fonts/${file}) format("woff2");unicode-range:${range}}`,
      );
    }
  }
  writeFileSync(path.join(OUT, "fonts.css"), faces.join("\n") + "\n");
  names["fonts.css"] = "fonts.css";
  for (const family of ["NotoSans", "NotoSansGeorgian"]) {
    const folder = path.join(MODULES, "@expo-google-fonts", family === "NotoSans" ? "noto-sans" : "noto-sans-georgian");
    for (const weight of ["400Regular", "700Bold"]) {
      const from = path.join(folder, weight, `${family}_${weight}.ttf`);
      cpSync(from, path.join(report, `${family}-${weight.slice(3)}.ttf`));
    }
  }
}

mkdirSync(OUT, { recursive: true });
await styles();
await scripts();
fonts();
console.log(JSON.stringify(names));
