# Run inside gdb: for each address of a file, the variables in scope as JSON, one line each.
import json
import os

import gdb

MASK = (1 << 64) - 1
FOREIGN = (gdb.SYMBOL_LOC_UNRESOLVED, gdb.SYMBOL_LOC_LABEL)
INTEGERS = (gdb.TYPE_CODE_INT, gdb.TYPE_CODE_CHAR, gdb.TYPE_CODE_BOOL, gdb.TYPE_CODE_ENUM, gdb.TYPE_CODE_PTR)


def describe(symbol, frame):
    kind = str(symbol.type)
    try:
        value = symbol.value(frame)
        # A pointer to something that has no address, and a value not assigned yet, are none to us.
        removed = value.is_optimized_out
        text = value.format_string(max_elements=4)
        if removed or "synthetic pointer" in text or "uninitialized" in text:
            return [symbol.name, kind, "optimised-out", ""]
        if value.is_lazy and value.address is not None:
            address = int(value.address) & MASK
            try:
                value.fetch_lazy()
            except gdb.MemoryError:
                return [symbol.name, kind, "needs-memory", hex(address)]
        bare = value.type.strip_typedefs()
        if bare.code in INTEGERS:
            return [symbol.name, kind, "known", str(int(value) & ((1 << 8 * bare.sizeof) - 1))]
        return [symbol.name, kind, "known", "?"]
    except gdb.MemoryError:
        return [symbol.name, kind, "needs-memory", ""]
    except gdb.error as error:
        return [symbol.name, kind, "error", str(error)]


def is_enumerator(symbol):
    kind = symbol.type.strip_typedefs()
    return kind.code == gdb.TYPE_CODE_ENUM and symbol.name in [field.name for field in kind.fields()]


def frames():
    frame = gdb.newest_frame()
    while frame is not None:
        yield frame
        if frame.type() != gdb.INLINE_FRAME:
            return
        frame = frame.older()


def variables():
    found = []
    for frame in frames():
        try:
            block = frame.block()
        except RuntimeError:
            continue
        while block is not None:
            for symbol in block:
                wanted = symbol.is_argument or symbol.is_variable or symbol.is_constant
                if wanted and symbol.addr_class not in FOREIGN and not is_enumerator(symbol):
                    found.append([frame.name() or ""] + describe(symbol, frame))
            if block.function is not None:
                break
            block = block.superblock
    return found


def connect():
    gdb.execute("target remote | python3 %s" % os.environ["GDB_STUB"], to_string=True)


gdb.execute("set pagination off")
gdb.execute("set confirm off")
connect()
with open(os.environ["ADDRESSES"]) as addresses, open(os.environ["ANSWERS"], "w") as answers:
    for line in addresses:
        try:
            gdb.execute("set $rip = %s" % line.strip(), to_string=True)
        except gdb.MemoryError:
            # The register is set; gdb then wanted to look at the code there.
            pass
        except gdb.error:
            # gdb gives up on some places (inlined frames whose caller is in memory); they are left out.
            answers.write(json.dumps([line.strip(), None]) + "\n")
            gdb.execute("disconnect", to_string=True)
            connect()
            continue
        answers.write(json.dumps([line.strip(), variables()]) + "\n")
