/**
 * The numbers that engine and world keep of every node, a row for each node. What an event needs of its node then lies
 * in one or two cache lines instead of in a dozen arrays, which with 30,000 nodes are a dozen waits for memory.
 */
import { ensure } from "./ensure.js";

/** Some cells of every row: those of node `n` begin at `n * stride + first`. */
export interface Column {
  readonly doubles: Float64Array;
  readonly first: number;
  readonly stride: number;
}

/** Of a mesh in one piece, every row is its own. */
const EVERYWHERE = (): boolean => false;

export class NodeRows {
  private readonly doubles: Float64Array;
  private reserved = 0;

  /**
   * @param cells of 8 bytes in a row
   * @param isBeyond whether a row belongs to another part of the mesh, which alone changes it
   * @param memory of `NodeRows.bytes`, where several parts share it
   */
  constructor(
    readonly count: number,
    private readonly cells: number,
    readonly isBeyond: (row: number) => boolean = EVERYWHERE,
    memory: ArrayBufferLike = new ArrayBuffer(NodeRows.bytes(count, cells)),
  ) {
    this.doubles = new Float64Array(memory);
  }

  static bytes(count: number, cells: number): number {
    return count * cells * Float64Array.BYTES_PER_ELEMENT;
  }

  /** Reads something of each cache line of a row: of its first and of its last. */
  touch(row: number): number {
    const { doubles, cells } = this;
    return doubles[row * cells]! + doubles[(row + 1) * cells - 1]!;
  }

  /** Sets the next `cells` cells of every row aside for one use; they are 0. */
  reserve(cells: number): Column {
    const first = this.reserved;
    this.reserved += cells;
    ensure(this.reserved <= this.cells, "more numbers of a node than there is room for in a row");
    return { doubles: this.doubles, first, stride: this.cells };
  }
}

/** A column of rows that hold nothing else. */
export function columnOf(count: number, cells: number): Column {
  return new NodeRows(count, cells).reserve(cells);
}
