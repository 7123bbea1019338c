// What a kernel remembers: the cells that ran, in the order in which they ran. No drawing here.

export const CELLS = ["a = 2", "a = a + 1", "b = 10 * a", "print(a, b)"];

// Replays the runs (numbers of cells, from 0): the names in memory, each cell's number, and what it said.
export function replay(ran) {
  const memory = {}, numbers = CELLS.map(() => null), outputs = CELLS.map(() => "");
  ran.forEach((cell, k) => {
    numbers[cell] = k + 1;
    outputs[cell] = "";
    const needed = [[], ["a"], ["a"], ["a", "b"]][cell].find((name) => !(name in memory));
    if (needed) outputs[cell] = `NameError: name '${needed}' is not defined`;
    else if (cell === 0) memory.a = 2;
    else if (cell === 1) memory.a += 1;
    else if (cell === 2) memory.b = 10 * memory.a;
    else outputs[cell] = `${memory.a} ${memory.b}`;
  });
  return { memory, numbers, outputs };
}

// What a reader from top to bottom would expect.
export const fromTheTop = replay([0, 1, 2, 3]);
