// A real model in the kernel: the page asks, the kernel works for some milliseconds and answers with bytes.
// One question at a time, and none unless the page asks, so a closed figure or a sleeping tab trains nothing.
//   const feed = kernelFeed(model);   const { header, arrays } = await feed.ask({ … });
import { typed } from "./arrays.js";

const PATIENCE = 20000; // ms; a cell that runs for long does not hold the answer up, a kernel that is gone does

export function kernelFeed(model, { patience = PATIENCE } = {}) {
  const page = Math.random().toString(36).slice(2); // two views of one figure hear each other's answers
  let open = null, asked = 0, listening = false;
  let turn = Promise.resolve();

  function onMessage(message, buffers = []) {
    if (!open || message?.page !== page || message.id !== open.id) return;
    const { done, fail, timer } = open;
    clearTimeout(timer);
    open = null;
    if (message.error) fail(new Error(message.error));
    else done({ header: message.header, arrays: message.arrays.map(({ dtype, shape }, i) => typed(dtype, shape, buffers[i])) });
  }

  function send(request) {
    if (!listening) {
      listening = true;
      model.on("msg:custom", onMessage);
    }
    return new Promise((done, fail) => {
      const id = ++asked;
      const timer = setTimeout(() => {
        open = null;
        fail(new Error("Python does not answer. If the kernel was restarted or is gone, run this figure's cell again."));
      }, patience);
      open = { id, done, fail, timer };
      try {
        model.send({ page, id, request });
      } catch {
        clearTimeout(timer);
        open = null;
        fail(new Error("There is no kernel behind this figure. Run its cell, and it will answer."));
      }
    });
  }

  // Questions queue; each waits for the answer before it.
  function ask(request) {
    const mine = turn.then(() => send(request));
    turn = mine.catch(() => {});
    return mine;
  }
  function close() {
    if (listening) model.off("msg:custom", onMessage);
    clearTimeout(open?.timer);
    open = null;
  }
  return { ask, close };
}
