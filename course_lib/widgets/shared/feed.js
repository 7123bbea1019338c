// A real model in the kernel: the page asks, the kernel works for some milliseconds and answers with bytes.
// One question at a time, and none unless the page asks, so a closed figure or a sleeping tab trains nothing.
//   const feed = kernelFeed(model);   const { header, arrays } = await feed.ask({ … });
import { typed } from "./arrays.js";

// JupyterLab gives a figure a way past a busy cell (a subshell) with the figure's first message, which itself may still
// wait behind the cell. So what is not answered soon is sent again; Python answers each question once.
const AGAIN = [400, 1500, 4000]; // ms
const PATIENCE = 20000; // ms; a cell that runs for long does not hold the answer up, a kernel that is gone does

export function kernelFeed(model) {
  const page = Math.random().toString(36).slice(2); // two views of one figure hear each other's answers
  let open = null, asked = 0, listening = false;
  const queue = [];

  // The answer to `request`: { header, arrays }. Questions wait for each other. One with a `key` takes the place of an
  // older one that still waits (a slider moves faster than Python answers); the older is answered with null.
  function ask(request, { key = null, patience = PATIENCE } = {}) {
    return new Promise((done, fail) => {
      const same = key === null ? -1 : queue.findIndex((other) => other.key === key);
      const question = { request, key, patience, done, fail };
      if (same < 0) queue.push(question);
      else queue.splice(same, 1, question)[0].done(null);
      next();
    });
  }
  function next() {
    if (open || !queue.length) return;
    open = { ...queue.shift(), id: ++asked };
    open.timer = setTimeout(() => settle("fail", new Error("Python does not answer. If the kernel was restarted or is gone, run this figure's cell again.")), open.patience);
    try {
      if (!listening) model.on("msg:custom", onMessage);
      listening = true;
      const send = () => model.send({ page, id: open.id, request: open.request });
      send();
      open.again = AGAIN.filter((wait) => wait < open.patience).map((wait) => setTimeout(send, wait));
    } catch {
      settle("fail", new Error("There is no kernel behind this figure. Run its cell, and it will answer."));
    }
  }
  function onMessage(message, buffers = []) {
    if (!open || message?.page !== page || message.id !== open.id) return;
    if (message.error) settle("fail", new Error(message.error));
    else settle("done", { header: message.header, arrays: message.arrays.map(({ dtype, shape }, i) => typed(dtype, shape, buffers[i])) });
  }
  function settle(how, what) {
    const question = open;
    forget(question);
    open = null;
    question[how](what);
    next();
  }
  function close() {
    if (listening) model.off("msg:custom", onMessage);
    if (open) forget(open);
    open = null;
    queue.length = 0;
  }
  const forget = ({ timer, again = [] }) => [timer, ...again].forEach(clearTimeout);
  return { ask, close };
}
