// A device that computes later, as pure arithmetic. Times in milliseconds.
//   orders({ products, compute, order, copy, first, wait, inside, warm }) → what each lane does when, and what the clock says
//   order     what it costs Python to order one thing            compute   one product on the device
//   copy      one transfer, one way                              first     what the first product takes on top
//   wait      Python waits for the device before it stops the clock
//   inside    every product has its own transfers there and back, inside the clock
//   warm      one product is done, and waited for, before the clock starts
export function orders({ products, compute, order, copy, first, wait, inside, warm }) {
  const bars = [];
  let python = 0, device = 0, loaded = false;
  const put = (lane, from, to, what) => (bars.push({ lane, from, to, what }), to);
  const bring = (what) => {
    const from = Math.max(python, device);
    if (from > python) put("Python", python, from, "waits");
    put("Python", from, from + copy, "waits");
    device = python = put("device", from, from + copy, what);
  };
  const multiply = () => {
    python = put("Python", python, python + order, "orders");
    if (!loaded && first > 0) device = put("device", Math.max(device, python), Math.max(device, python) + first, "first call");
    loaded = true;
    device = put("device", Math.max(device, python), Math.max(device, python) + compute, "computes");
  };
  const waitForIt = () => {
    if (device > python) python = put("Python", python, device, "waits");
  };

  if (!inside) bring("there");
  if (warm) {
    multiply();
    waitForIt();
  }
  const start = python;
  for (let i = 0; i < products; i++) {
    if (inside) bring("there");
    multiply();
    if (inside) bring("back");
  }
  if (wait) waitForIt();
  const stop = python;
  const end = Math.max(python, device);
  return { bars, start, stop, end, says: (stop - start) / products, truth: compute };
}
