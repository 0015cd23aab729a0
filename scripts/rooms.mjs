// The rooms of src/ and which of them each may import: DESIGN.md section 2 as data. The check
// (check-rooms.mjs), the graph in ARCHITECTURE.md and the planted-violation test all read this table.

/** @type {Record<string, readonly string[]>} room -> rooms it may import */
export const ROOMS = {
  base: [],
  model: ["base"],
  contract: ["base"],
  formats: ["base"],
  isa: ["base", "model"],
  evidence: ["base", "model", "formats", "isa"],
  mechanisms: ["base", "model"],
  diagnosis: ["base", "model", "isa", "mechanisms"],
  simulator: ["base", "model"],
  report: ["base", "contract"],
  app: [
    "base",
    "model",
    "contract",
    "formats",
    "isa",
    "evidence",
    "mechanisms",
    "diagnosis",
    "simulator",
  ],
  host: ["base", "model", "contract", "isa", "app"],
  lab: ["base", "model", "contract", "app", "host"],
  cli: ["base", "contract", "app", "report", "host"],
};

/** Rooms that must run in a browser: no `node:*`, no DOM (tsconfig.core.json proves the types). */
export const PORTABLE = [
  "base",
  "model",
  "contract",
  "formats",
  "isa",
  "evidence",
  "mechanisms",
  "diagnosis",
  "simulator",
  "report",
  "app",
];

/** Rooms whose folders are peers that must not know one another; `shared` are the exceptions. */
export const SIBLING_WALLS = {
  formats: ["elf"],
  evidence: [],
  report: ["messages"],
  simulator: [],
};

/** A package is named in one file (a pattern) of one room. Development tools are not listed. */
export const PACKAGES = {
  "iced-x86": "^src/host/",
  fzstd: "^src/host/",
  "xz-decompress": "^src/host/",
  "seek-bzip": "^src/host/",
};
