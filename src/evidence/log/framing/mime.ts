// Bodies of mails that a saved message keeps encoded (RFC 2045, 6.7 and 6.8): quoted-printable and base64.
//
// Invariant: nothing is decoded but what a header announces, and only up to the next boundary; a line of the
// decoded text has the number of the line on which it ends.

import { openLines, type PhysicalLine } from "../lines.ts";

export interface Mime {
  line(line: PhysicalLine): void;
  end(): void;
}

const HEADER = /^Content-Transfer-Encoding:\s{0,8}(quoted-printable|base64)\s*$/i;
/** Pictures and packed files are no log. */
const NO_TEXT =
  /^Content-Type:\s{0,8}(?:image|audio|video|font|application\/(?:zip|gzip|x-gzip|pdf|x-xz))\b/i;
/** A journal's own marks and the kernel's dashes (`-- Boot 1f… --`, `---[ end trace`) hold blanks. */
const BOUNDARY = /^--[^\sA-Za-z\d]{0,72}[A-Za-z\d]\S{0,72}$/;
const BASE64 = /^[A-Za-z0-9+/]{2,76}={0,2}$/;
/** A soft break joins lines up to here. */
const MAX_LINE = 1 << 16;

export function openMime(output: (line: PhysicalLine) => void): Mime {
  let state: "text" | "header" | "quoted" | "base64" = "text";
  let announced: "quoted" | "base64" | undefined;
  let isText = true;
  let soft = "";
  let number = 1;
  let decoded = openInner();

  /** Bytes of base64 have lines of their own. */
  function openInner(): ReturnType<typeof openLines> {
    return openLines({ line: (line) => output({ ...line, number, inner: true }) });
  }

  function close(): void {
    if (soft !== "") output({ text: unquoted(soft), number, inner: true });
    soft = "";
    if (state === "base64") {
      decoded.end();
      decoded = openInner();
    }
    state = "text";
  }

  function readHeader(line: PhysicalLine): void {
    const found = HEADER.exec(line.text)?.[1]?.toLowerCase();
    if (found !== undefined) announced = found === "base64" ? "base64" : "quoted";
    if (NO_TEXT.test(line.text)) isText = false;
    if (line.text !== "") {
      state = announced === undefined && isText ? "text" : "header";
    } else {
      state = isText ? (announced ?? "text") : "text";
      announced = undefined;
      isText = true;
    }
    output(line);
  }

  /** What a soft break goes on with is no boundary: `------------[ cut here ]------------` may be torn. */
  function isEnd(text: string): boolean {
    return (
      (soft === "" && text.startsWith("--") && BOUNDARY.test(text)) ||
      (state === "base64" && !isBase64(text))
    );
  }

  function readQuoted(line: PhysicalLine): void {
    const isSoft = line.text.endsWith("=") && soft.length < MAX_LINE;
    soft += isSoft ? line.text.slice(0, -1) : line.text;
    if (isSoft) return;
    output({ ...line, text: unquoted(soft), inner: true });
    soft = "";
  }

  return {
    line(line) {
      if (state === "text") {
        // `Content-…`
        if (line.text.charCodeAt(0) === 67 && line.text.startsWith("Content-")) readHeader(line);
        else output(line);
      } else if (state === "header") {
        readHeader(line);
      } else if (isEnd(line.text)) {
        close();
        output(line);
      } else if (state === "quoted") {
        number = line.number;
        readQuoted(line);
      } else {
        number = line.number;
        decoded.push(bytesOf(line.text.trim()));
      }
    },
    end: close,
  };
}

function isBase64(text: string): boolean {
  const line = text.trim();
  return line === "" || BASE64.test(line);
}

/** `=20` → blank, `=C3=A4` → ä. */
function unquoted(text: string): string {
  if (!text.includes("=")) return text;
  return text.replace(/(?:=[0-9A-Fa-f]{2})+/g, (coded) => {
    const bytes = coded
      .slice(1)
      .split("=")
      .map((hex) => Number.parseInt(hex, 16));
    return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/[\r\n]+/g, "");
  });
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map(
  [...DIGITS].map((digit, value) => [digit, value]),
);

/** Of one line: encoders break base64 at a multiple of four characters. */
function bytesOf(line: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of line) {
    const value = VALUES.get(digit);
    if (value === undefined) break;
    bits = (bits << 6) | value;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes.push((bits >> held) & 0xff);
      bits &= (1 << held) - 1;
    }
  }
  return Uint8Array.from(bytes);
}
