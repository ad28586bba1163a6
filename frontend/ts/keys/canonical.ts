// Canonical JSON (RFC 8785): names sorted by UTF-16 units, no spaces, JavaScript's own numbers and escapes.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Render `value`. TypeError for what JSON cannot say exactly: undefined, NaN, integers beyond 2^53, lone surrogates. */
export function canonical(value: Json): string {
  switch (typeof value) {
    case "string":
      if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)) throw new TypeError("lone surrogate");
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) throw new TypeError("number out of range");
      return JSON.stringify(value);
    case "boolean": return String(value);
    case "object":
      if (value === null) return "null";
      if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
      return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name] as Json)}`).join(",")}}`;
    default: throw new TypeError("not JSON");
  }
}
