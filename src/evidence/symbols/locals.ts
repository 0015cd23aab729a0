// Local variables at a trap, computed from the printed registers alone: DWARF says in which register, at
// which stack place or as which expression each one lives. Nothing is read that the log does not hold.

import { stringOf } from "#formats/dwarf/attributes.ts";
import { AT, TAG } from "#formats/dwarf/constants.ts";
import { type CodePlace, type DebugInfo, findCode } from "#formats/dwarf/debug-info.ts";
import {
  childrenOf,
  type Entry,
  findWithAttribute,
  followReference,
  nameOf,
  readEntry,
} from "#formats/dwarf/entry.ts";
import {
  evaluate,
  type Machine,
  nowhere,
  type Obstacle,
  type Place,
} from "#formats/dwarf/expression.ts";
import { type FrameIndex, frameRuleAt, readFrameIndex } from "#formats/dwarf/frame-address.ts";
import { expressionAt } from "#formats/dwarf/location.ts";
import { typeName, typeOf } from "#formats/dwarf/type-name.ts";
import { formatValue, isScalar, typeSize } from "#formats/dwarf/type-value.ts";
import { dwarfRegisters } from "./dwarf-registers.ts";
import { imageNumber, type KernelImage } from "./kernel-image.ts";

export interface Local {
  readonly name: string;
  /** Function whose variable it is: the one the code belongs to, or one inlined into it. */
  readonly function: string;
  readonly inlined: boolean;
  readonly parameter: boolean;
  /** As C writes it. */
  readonly type: string;
  readonly value?: string;
  /** For an integer or pointer of at most 64 bits, the bits; as a fact, not as text. */
  readonly bits?: bigint;
  /** Where in memory it lies, for `needs-memory`; a vmcore of the same moment can answer. */
  readonly address?: bigint;
  /** `rax`, `memory at 0xff… `, `constant`, `computed from rbx`, or why it is not known. */
  readonly where: string;
  readonly state: "known" | "optimised-out" | "needs-memory";
}

/** Registers as the log prints them: lower-case names. */
export type PrintedRegisters = Readonly<Record<string, bigint>>;

/** One image's variables; holds its frame descriptions once they were needed. */
export interface LocalsReader {
  /** Variables in scope at `address`, innermost function first. */
  at(address: bigint, registers: PrintedRegisters): readonly Local[];
}

/** Opens an image for questions about variables; answers are empty without debug information. */
export function localsReader(image: KernelImage): LocalsReader {
  const debug = image.debug();
  let frames: FrameIndex | undefined;
  return {
    at: (address, registers) => {
      const number = imageNumber(image, address);
      const code = debug === undefined ? undefined : findCode(debug, number);
      if (debug === undefined || code === undefined) return [];
      const frameIndex = (): FrameIndex => {
        frames ??= readFrameIndex(debug.file);
        return frames;
      };
      return collect(image, debug, code, number, registers, frameIndex);
    },
  };
}

/** Variables in scope at `address`; for many addresses of one image `localsReader` is cheaper. */
export function localsAt(
  image: KernelImage,
  address: bigint,
  registers: PrintedRegisters,
): readonly Local[] {
  return localsReader(image).at(address, registers);
}

interface Owner {
  readonly name: string;
  readonly inlined: boolean;
}

function collect(
  image: KernelImage,
  debug: DebugInfo,
  code: CodePlace,
  number: number,
  registers: PrintedRegisters,
  frames: () => FrameIndex,
): Local[] {
  const [outer] = code.scopes;
  const machine = machineOf(image, debug, code, number, registers, frames);
  const scopes: { owner: Owner; entry: Entry; variables: Entry[] }[] = [];
  let owner: Owner = { name: "", inlined: false };
  for (const scope of code.scopes) {
    const entry = readEntry(code.unit, scope.offset);
    if (entry === undefined) continue;
    if (scope.tag !== TAG.lexicalBlock) {
      owner = { name: nameOf(entry) ?? "?", inlined: scope !== outer };
    }
    scopes.unshift({ owner, entry, variables: variablesIn(entry) });
  }
  const seen = new Set(scopes.flatMap(({ variables }) => variables.map(originOffset)));
  return scopes.flatMap(({ owner: own, entry, variables }) =>
    [...variables, ...removedFrom(entry, seen)].flatMap((variable) =>
      describe(variable, own, machine, number),
    ),
  );
}

/** Variables of a scope; those of blocks without code of their own belong to the scope around. */
function variablesIn(scope: Entry, depth = 0): Entry[] {
  const found: Entry[] = [];
  for (const child of childrenOf(scope)) {
    if (isVariable(child)) found.push(child);
    const isBare = child.tag === TAG.lexicalBlock && !hasCode(child);
    if (isBare && depth < MAX_DEPTH) found.push(...variablesIn(child, depth + 1));
  }
  return found;
}

const MAX_DEPTH = 16;

function isVariable(entry: Entry): boolean {
  return entry.tag === TAG.formalParameter || entry.tag === TAG.variable;
}

function hasCode(entry: Entry): boolean {
  return entry.attributes.has(AT.lowPc) || entry.attributes.has(AT.ranges);
}

/** Tells variables apart that several instances of a function share. */
function originOffset(variable: Entry): number {
  const origin = followReference(variable.unit, variable.attributes.get(AT.abstractOrigin));
  return origin?.offset ?? variable.offset;
}

/** Variables the source has and this instance of the function has no entry for: the compiler removed them. */
function removedFrom(scope: Entry, seen: Set<number>): Entry[] {
  const origin = followReference(scope.unit, scope.attributes.get(AT.abstractOrigin));
  if (origin === undefined) return [];
  const placed = new Set([...childrenOf(scope)].map(originOffset));
  const removed: Entry[] = [];
  const look = (parent: Entry, depth: number): void => {
    for (const child of childrenOf(parent)) {
      if (placed.has(child.offset)) continue;
      if (isVariable(child) && !seen.has(child.offset)) removed.push(child);
      if (child.tag === TAG.lexicalBlock && depth < MAX_DEPTH) look(child, depth + 1);
    }
  };
  look(origin, 0);
  for (const { offset } of removed) seen.add(offset);
  return removed;
}

function isForeign(variable: Entry): boolean {
  return (
    variable.attributes.has(AT.declaration) ||
    findWithAttribute(variable, AT.external) !== undefined
  );
}

function describe(variable: Entry, owner: Owner, machine: Machine, number: number): Local[] {
  const name = nameOf(variable);
  // A declaration of something that lives elsewhere is not a local.
  if (name === undefined || isForeign(variable)) return [];
  const typed = findWithAttribute(variable, AT.type);
  const type = typed === undefined ? undefined : typeOf(typed);
  const place = placeOf(variable, machine, number);
  const bytes = bytesAt(place, typeSize(type), machine, variable.unit.file.littleEndian);
  const value =
    bytes === undefined ? undefined : formatValue(type, bytes, variable.unit.file.littleEndian);
  const common = {
    name,
    function: owner.name,
    inlined: owner.inlined,
    parameter: variable.tag === TAG.formalParameter,
    type: typeName(type),
    where: whereText(place, dwarfRegisters(variable.unit.file.sections.elf.machine)),
  };
  if (bytes === undefined || value === undefined) {
    const address = place.kind === "memory" ? { address: place.address } : {};
    return [{ ...common, ...address, state: stateOf(place) }];
  }
  const bits = isScalar(type) ? toBits(bytes, variable.unit.file.littleEndian) : undefined;
  return [{ ...common, value, state: "known", ...(bits === undefined ? {} : { bits }) }];
}

function placeOf(variable: Entry, machine: Machine, number: number): Place {
  const constant = findWithAttribute(variable, AT.constValue);
  if (!variable.attributes.has(AT.location) && constant !== undefined) {
    const value = constant.attributes.get(AT.constValue);
    if (value?.kind === "constant") {
      return { kind: "value", value: BigInt.asUintN(64, value.value) };
    }
    if (value?.kind === "block") return { kind: "bytes", bytes: value.value };
    const text = stringOf(constant.unit, value);
    if (text !== undefined) return { kind: "bytes", bytes: new TextEncoder().encode(`${text}\0`) };
  }
  const location = variable.attributes.get(AT.location);
  if (location === undefined) return nowhere("optimised-out");
  const expression = expressionAt(variable.unit, location, number);
  if (expression === undefined) return nowhere("optimised-out");
  return evaluate(variable.unit, expression, machine);
}

function machineOf(
  image: KernelImage,
  debug: DebugInfo,
  code: CodePlace,
  number: number,
  registers: PrintedRegisters,
  frames: () => FrameIndex,
): Machine {
  const names = dwarfRegisters(image.elf?.machine);
  const register = (index: number): bigint | undefined => {
    const name = names[index];
    return name === undefined ? undefined : registers[name];
  };
  const frameAddress = (): bigint | undefined => {
    const rule = frameRuleAt(debug.file, frames(), number);
    if (rule?.kind !== "register") return undefined;
    const base = register(rule.register);
    return base === undefined ? undefined : BigInt.asUintN(64, base + BigInt(rule.offset));
  };
  const [outer] = code.scopes;
  const entry = outer === undefined ? undefined : readEntry(code.unit, outer.offset);
  const machine: Machine = {
    register,
    frameAddress,
    frameBase: () => {
      const base = entry?.attributes.get(AT.frameBase);
      const expression = base === undefined ? undefined : expressionAt(code.unit, base, number);
      if (expression === undefined) return undefined;
      // The frame base may not refer to itself.
      const place = evaluate(code.unit, expression, { ...machine, frameBase: () => undefined });
      if (place.kind === "memory") return place.address;
      return place.kind === "register" ? register(place.register) : undefined;
    },
  };
  return machine;
}

/** Larger variables are in memory anyway. */
const MAX_BYTES = 4096;

/** The variable's bytes where the registers tell them all. */
function bytesAt(
  place: Place,
  size: number | undefined,
  machine: Machine,
  littleEndian: boolean,
): Uint8Array | undefined {
  if (size === undefined || size > MAX_BYTES) return undefined;
  // An empty structure (a lock class key without lockdep) has its one value wherever it lies.
  if (size === 0) return place.kind === "nowhere" ? undefined : new Uint8Array(0);
  switch (place.kind) {
    case "register": {
      const value = machine.register(place.register);
      return value === undefined || size > 8 ? undefined : toBytes(value, size, littleEndian);
    }
    case "value":
      return size > 8 ? undefined : toBytes(place.value, size, littleEndian);
    case "bytes":
      return place.bytes.length >= size ? place.bytes.subarray(0, size) : undefined;
    case "pieces":
      return joinPieces(place.pieces, size, machine, littleEndian);
    case "memory":
    case "nowhere":
      return undefined;
  }
}

function joinPieces(
  pieces: readonly { readonly bits: number; readonly place: Place }[],
  size: number,
  machine: Machine,
  littleEndian: boolean,
): Uint8Array | undefined {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const { bits, place } of pieces) {
    if (bits % 8 !== 0 || at + bits / 8 > size) return undefined;
    const part = bytesAt(place, bits / 8, machine, littleEndian);
    if (part === undefined) return undefined;
    whole.set(part, at);
    at += bits / 8;
  }
  return at === size ? whole : undefined;
}

function toBytes(value: bigint, size: number, littleEndian: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, at) =>
    Number((value >> BigInt(8 * at)) & 0xffn),
  );
  return littleEndian ? bytes : bytes.reverse();
}

function toBits(bytes: Uint8Array, littleEndian: boolean): bigint {
  const ordered = littleEndian ? [...bytes].reverse() : [...bytes];
  return ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function stateOf(place: Place): Local["state"] {
  const obstacle = obstacleOf(place);
  return obstacle === "needs-memory" || obstacle === "needs-register" || obstacle === undefined
    ? "needs-memory"
    : "optimised-out";
}

function obstacleOf(place: Place): Obstacle | undefined {
  if (place.kind === "nowhere") return place.obstacle;
  if (place.kind !== "pieces") return place.kind === "memory" ? "needs-memory" : undefined;
  // What memory would add is worth saying even where another part has no value.
  const obstacles = place.pieces.flatMap((piece) => obstacleOf(piece.place) ?? []);
  return obstacles.find((one) => one === "needs-memory") ?? obstacles[0];
}

const OBSTACLE_TEXT: Readonly<Record<Obstacle, string>> = {
  "optimised-out": "no value kept here",
  "needs-memory": "behind a pointer in memory",
  "needs-register": "in a register that is not printed",
  "needs-entry-value": "what the function was entered with",
  "not-initialized": "not assigned yet",
  unsupported: "an expression this program does not compute",
};

function whereText(place: Place, names: readonly string[]): string {
  switch (place.kind) {
    case "register":
      return names[place.register] ?? `register ${place.register}`;
    case "memory":
      return `memory at 0x${place.address.toString(16)}`;
    case "value":
    case "bytes":
      return "computed";
    case "pieces":
      return place.pieces.map((piece) => whereText(piece.place, names)).join(", ");
    case "nowhere":
      return OBSTACLE_TEXT[place.obstacle];
  }
}
