// Asking a kernel while a slider moves: one question at a time, and after its answer only the newest of those that waited.
const queues = new WeakMap();

export function askLatest(feed, request) {
  const queue = queues.get(feed) ?? { busy: false, waiting: null };
  queues.set(feed, queue);
  return new Promise((done, fail) => {
    queue.waiting = { request, done, fail }; // an older one that waited is forgotten
    if (!queue.busy) next(feed, queue);
  });
}

async function next(feed, queue) {
  queue.busy = true;
  while (queue.waiting) {
    const { request, done, fail } = queue.waiting;
    queue.waiting = null;
    await feed.ask(request).then(done, fail);
  }
  queue.busy = false;
}
