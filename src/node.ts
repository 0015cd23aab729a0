// The public API's Node side: what a browser brings by itself.

export { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
