// Shamir's scheme over GF(256), byte for byte as adapters/crypto/shamir.py: a share is the values, then the place x.
import { type Bytes, concat, utf8 } from "../keys/bytes";
import { named, type Suite } from "../suites/suite";

function times(a: number, b: number): number {
  let result = 0;
  for (let bit = 0; bit < 8; bit++) {
    result ^= a & -(b & 1);
    a = (a << 1) ^ (0x11b & -(a >> 7));
    b >>= 1;
  }
  return result & 0xff;
}

/** a to the power 254. */
function inverse(a: number): number {
  let result = 1;
  for (let round = 0; round < 7; round++) { a = times(a, a); result = times(result, a); }
  return result;
}

/** `holders` shares, of which any `threshold` give the secret back. */
export function split(secret: Bytes, threshold: number, holders: number): Bytes[] {
  if (!(threshold >= 1 && threshold <= holders && holders <= 255)) throw new RangeError("impossible quorum");
  const random = crypto.getRandomValues(new Uint8Array(secret.length * (threshold - 1)));
  return Array.from({ length: holders }, (_, index) => {
    const x = index + 1;
    const values = secret.map((byte, column) => {
      let value = 0;
      for (let degree = threshold - 1; degree >= 1; degree--) {
        value = times(value, x) ^ (random[column * (threshold - 1) + degree - 1] ?? 0);
      }
      return times(value, x) ^ byte;
    });
    return concat(values, Uint8Array.of(x));
  });
}

/** The secret of these shares; wrong or too few shares give a wrong one. */
export function combine(shares: Bytes[]): Bytes {
  const places = shares.map((share) => share.at(-1) ?? 0);
  const length = shares[0]?.length ?? 0;
  if (new Set(places).size !== shares.length || places.includes(0) || shares.some((share) => share.length !== length)) {
    throw new RangeError("shares do not belong together");
  }
  const result = new Uint8Array(length - 1);
  shares.forEach((share, index) => {
    const place = places[index] ?? 0;
    const weight = places.reduce((product, other) => other === place ? product : times(product, times(other, inverse(other ^ place))), 1);
    for (let at = 0; at < result.length; at++) result[at] = (result[at] ?? 0) ^ times(weight, share[at] ?? 0);
  });
  return result;
}

/** What a seal of that version publishes about a share. */
export const commitment = async (version: number, algorithms: Suite, share: Bytes): Promise<string> =>
  named(algorithms, await algorithms.digest(utf8(`mingzheng-bid-${version} share\0`), share));
