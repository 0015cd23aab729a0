// Rules for dependency-cruiser, derived from scripts/rooms.mjs; nothing is written twice.
import { PACKAGES, PORTABLE, ROOMS, SIBLING_WALLS } from "./scripts/rooms.mjs";

const notTests = "\\.(test|fixture)\\.ts$";

const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `${room} may import only ${allowed.join(", ") || "nothing"}`,
  severity: "error",
  from: { path: `^src/${room}/`, pathNot: notTests },
  to: { path: "^src/", pathNot: `^src/(${[room, ...allowed].join("|")})/` },
}));

const walls = Object.entries(SIBLING_WALLS).map(([room, shared]) => ({
  name: `siblings-${room}`,
  severity: "error",
  from: { path: `^src/${room}/([^/]+)/`, pathNot: notTests },
  to: {
    path: `^src/${room}/[^/]+/`,
    pathNot: `^src/${room}/($1${shared.map((name) => `|${name}`).join("")})/`,
  },
}));

const packages = Object.entries(PACKAGES).map(([name, home]) => ({
  name: `package-${name}`,
  severity: "error",
  from: { path: "^src/", pathNot: [home, notTests] },
  to: { path: `node_modules/${name}/` },
}));

export default {
  forbidden: [
    ...rooms,
    ...walls,
    ...packages,
    {
      name: "portable",
      severity: "error",
      from: { path: `^src/(${PORTABLE.join("|")})/`, pathNot: notTests },
      to: { dependencyTypes: ["core"] },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-dev-packages",
      severity: "error",
      from: { path: "^src/", pathNot: notTests },
      to: { dependencyTypes: ["npm-dev"] },
    },
    { name: "resolves", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      conditionNames: ["stallscope-source", "import", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
