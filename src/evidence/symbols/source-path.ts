// Paths as people name them in a kernel tree: `kernel/smp.c`, whatever directory the build ran in.

/**
 * Removes the build's directory from a path of the debug information. Kernels are compiled in the tree
 * (`/usr/src/linux`), in a build directory below it (Debian: `…/debian/build/build_amd64`) or with that
 * directory made relative; what a path has in common with it is not part of the source tree.
 */
export function treePath(file: string, compDir: string): string {
  const path = normalize(file);
  const root = normalize(compDir);
  if (root === "" || root === "/") return path;
  if (path.startsWith(`${root}/`)) return path.slice(root.length + 1);
  if (!path.startsWith("/") || !root.startsWith("/")) return path;
  const parts = path.split("/");
  const rootParts = root.split("/");
  let common = 0;
  while (common < parts.length - 1 && parts[common] === rootParts[common]) common += 1;
  // Two directories in common (`/build/linux-6.1`) name a tree; one (`/usr`) does not.
  return common > 2 ? parts.slice(common).join("/") : path;
}

function normalize(path: string): string {
  if (!path.includes("/.") && !path.includes("./") && !path.includes("//")) return path;
  const absolute = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  }
  return (absolute ? "/" : "") + parts.join("/");
}
