// Python's arrays, as figure.py packs them: { dtype, shape, bytes } becomes a Float32Array, Float64Array, Int32Array or
// Uint8Array with its shape; whatever else there is stays as it is.
const KINDS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, uint8: Uint8Array };

export function unpacked(value) {
  if (Array.isArray(value)) return value.map(unpacked);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (value.bytes && KINDS[value.dtype]) return typed(value.dtype, value.shape, value.bytes);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpacked(each)]));
}

export function typed(dtype, shape, bytes) {
  const Kind = KINDS[dtype];
  const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes);
  const array = byteOffset % Kind.BYTES_PER_ELEMENT ? new Kind(buffer.slice(byteOffset, byteOffset + byteLength)) : new Kind(buffer, byteOffset, byteLength / Kind.BYTES_PER_ELEMENT);
  array.shape = shape;
  return array;
}
