/** Money in the books is whole nano-dollars: sums of them are exact. */
export type NanoDollars = number;

const nano = 1e9;

export function toNano(dollars: number): NanoDollars {
  return Math.round(dollars * nano);
}

export function toDollars(amount: NanoDollars): number {
  return amount / nano;
}
