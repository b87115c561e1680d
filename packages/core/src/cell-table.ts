import { Cell } from "./cell.ts";
import type { Redactor } from "./redactor.ts";

/** Every cell of one store, found by the store's spelling and by the version. */
export class CellTable {
  readonly #entries = new Map<string, Entry>();

  /** The cell, made now if there is none; `letGo` is its counterpart. */
  hold(key: string, storeKey: string, version: string | undefined, epoch: number): Cell {
    const entry = this.#entries.get(storeKey) ?? { cells: new Map(), spellings: new Set() };
    this.#entries.set(storeKey, entry);
    const cell = entry.cells.get(version) ?? new Cell(key, storeKey, version, epoch);
    entry.cells.set(version, cell);
    cell.holders += 1;
    return cell;
  }

  letGo(cell: Cell, redactor: Redactor): void {
    cell.holders -= 1;
    if (cell.holders > 0) return;
    cell.release(redactor);
    const entry = this.#entries.get(cell.storeKey);
    entry?.cells.delete(cell.version);
    if (entry?.cells.size === 0) this.#entries.delete(cell.storeKey);
  }

  /** The cells of one secret, one for each version asked for, or all cells. */
  *of(storeKey?: string): IterableIterator<Cell> {
    if (storeKey !== undefined) {
      yield* this.#entries.get(storeKey)?.cells.values() ?? [];
      return;
    }
    for (const { cells } of this.#entries.values()) yield* cells.values();
  }

  /** Notes how a secret was spelled. @returns another spelling of it, the first time that there are two. */
  noteSpelling(key: string, storeKey: string): string | undefined {
    const spellings = this.#entries.get(storeKey)?.spellings;
    if (spellings === undefined || spellings.has(key)) return undefined;
    const [other] = spellings;
    spellings.add(key);
    return other;
  }
}

interface Entry {
  readonly cells: Map<string | undefined, Cell>;
  readonly spellings: Set<string>;
}
