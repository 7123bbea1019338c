// Convolution and small image networks, as course_lib computes them. No page here. Images are flat lists, row by row.

export const flipped = (kernel) => [...kernel].reverse();

// How many places a window has along one side: ⌊(side + 2 padding − size) / stride⌋ + 1
export const placesAlong = (side, size, stride, padding) => Math.floor((side + 2 * padding - size) / stride) + 1;

// The image with zeros around it.
export function padded(image, side, padding) {
  const wide = side + 2 * padding;
  const all = new Array(wide * wide).fill(0);
  image.forEach((value, i) => (all[(Math.floor(i / side) + padding) * wide + (i % side) + padding] = value));
  return { image: all, side: wide };
}

// The pixels under the window at output place (row, column), and where they are in the padded image.
export function windowAt({ image, side }, size, stride, [row, column]) {
  const cells = Array.from({ length: size * size }, (_, i) => [row * stride + Math.floor(i / size), column * stride + (i % size)]);
  return { cells, pixels: cells.map(([r, c]) => image[r * side + c]) };
}

export const dot = (a, c) => a.reduce((sum, value, i) => sum + value * c[i], 0);

// Every output of one kernel over one image: rows of sums.
export function convolve(image, side, kernel, size, stride = 1, padding = 0) {
  const big = padded(image, side, padding), n = placesAlong(side, size, stride, padding);
  return Array.from({ length: n }, (_, row) => Array.from({ length: n }, (_, column) => dot(windowAt(big, size, stride, [row, column]).pixels, kernel)));
}

// ---- networks of { dense: W, b } · { conv: W, b, padding } · "relu" · { pool } · "flatten", W and b with their shapes

export function predict(layers, image, side) {
  let x = Float64Array.from(image);
  let [height, width, channels] = [side, side, 1];
  for (const layer of layers) {
    if (layer === "relu") x = x.map((h) => Math.max(0, h));
    else if (layer.dense) x = dense(x, layer.dense, layer.b);
    else if (layer.conv) [x, height, width, channels] = conv(x, height, width, channels, layer.conv, layer.b, layer.padding);
    else if (layer.pool) [x, height, width] = pool(x, height, width, channels, layer.pool);
  }
  return softmax(x);
}

function dense(x, W, b) {
  const n = b.length;
  return Float64Array.from(b, (b_k, k) => x.reduce((sum, x_i, i) => sum + x_i * W[i * n + k], b_k));
}

// h[r, c, k] = b[k] + Σ_{i, j, m} x[r + i − padding, c + j − padding, m] W[i, j, m, k], where x is 0 outside
function conv(x, height, width, channels, W, b, padding) {
  const [size, , , n] = W.shape;
  const [tall, wide] = [height, width].map((side) => placesAlong(side, size, 1, padding));
  const h = new Float64Array(tall * wide * n);
  for (let r = 0, at = 0; r < tall; r++)
    for (let c = 0; c < wide; c++)
      for (let k = 0; k < n; k++, at++) {
        let sum = b[k];
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const [row, column] = [r + i - padding, c + j - padding];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let m = 0; m < channels; m++) sum += x[(row * width + column) * channels + m] * W[((i * size + j) * channels + m) * n + k];
          }
        h[at] = sum;
      }
  return [h, tall, wide, n];
}

function pool(x, height, width, channels, size) {
  const [tall, wide] = [Math.floor(height / size), Math.floor(width / size)];
  const y = new Float64Array(tall * wide * channels).fill(-Infinity);
  for (let r = 0; r < tall * size; r++)
    for (let c = 0; c < wide * size; c++)
      for (let m = 0; m < channels; m++) {
        const at = (Math.floor(r / size) * wide + Math.floor(c / size)) * channels + m;
        y[at] = Math.max(y[at], x[(r * width + c) * channels + m]);
      }
  return [y, tall, wide];
}

export function softmax(o) {
  const most = Math.max(...o);
  const e = Array.from(o, (each) => Math.exp(each - most));
  const sum = e.reduce((a, c) => a + c, 0);
  return e.map((each) => each / sum);
}

// The picture moved by (down, right) pixels; what comes in is 0.
export function shifted(image, side, down, right) {
  return Array.from(image, (_, i) => {
    const [r, c] = [Math.floor(i / side) - down, (i % side) - right];
    return r >= 0 && r < side && c >= 0 && c < side ? image[r * side + c] : 0;
  });
}
