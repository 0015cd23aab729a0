# A remote target for gdb that has registers and no memory: gdb then computes variables from registers
# alone, as we do. Registers hold distinct values, so that equal values mean equal places.
import sys

NAMES = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split()
values = {name: 0x1111222233330000 + 0x0101010101010101 * (at + 1) for at, name in enumerate(NAMES)}
values["rsp"] = 0xFFFFC90000123400


def little(value, size):
    return (value & ((1 << (8 * size)) - 1)).to_bytes(size, "little").hex()


def registers():
    return "".join(little(values[name], 8) for name in NAMES) + little(0x202, 4) + little(0x10, 4) * 6


def answer(packet):
    if packet.startswith("qSupported"):
        return "PacketSize=4000"
    if packet == "?":
        return "S05"
    if packet == "g":
        return registers()
    if packet[0] == "P":
        number, value = packet[1:].split("=")
        at = int(number, 16)
        if at < len(NAMES):
            values[NAMES[at]] = int.from_bytes(bytes.fromhex(value), "little")
        return "OK"
    if packet[0] == "H" or packet in ("D", "k"):
        return "OK"
    if packet[0] in "mMxX":
        return "E01"
    if packet == "qAttached":
        return "1"
    if packet == "qC":
        return "QC1"
    if packet == "qfThreadInfo":
        return "m1"
    if packet == "qsThreadInfo":
        return "l"
    return ""


def main():
    read, write = sys.stdin.buffer, sys.stdout.buffer
    while True:
        byte = read.read(1)
        if not byte:
            return
        if byte != b"$":
            continue
        data = bytearray()
        while (byte := read.read(1)) not in (b"#", b""):
            data += byte
        read.read(2)
        reply = answer(data.decode("latin1")).encode()
        write.write(b"+$" + reply + b"#%02x" % (sum(reply) & 0xFF))
        write.flush()


main()
