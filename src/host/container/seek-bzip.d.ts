// The package has no types; these are the members that bunzip.ts uses. It is pinned to one version, and its
// public call wants the whole file at once, hence its own steps.

declare module "seek-bzip" {
  class Bunzip {
    constructor(
      input: {
        readByte(): number;
        read(buffer: Uint8Array, offset: number, length: number): number;
      },
      output: { writeByte(byte: number): void },
    );
    /** False at the end of a stream. */
    _init_block(): boolean;
    _read_bunzip(): number;
    readonly reader: { read(bits: number): number };
  }
  export = Bunzip;
}
