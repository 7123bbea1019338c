// What the lectures ask for, and whether a reader has it. No drawing here.

// Each question belongs to one skill; `where` is the heading of this lecture that teaches it.
export const QUESTIONS = [
  { skill: "slope", where: "Slopes by nudging", ask: "At x = 3 a curve has slope −2. You nudge x up by 0.1. About how much does the curve move?", options: ["−2", "−0.2", "0.2", "3.1"], right: "−0.2" },
  { skill: "partial", where: "Two knobs", ask: "f(a, b) = 3a + b². How steep is f along a, with b held at 5?", options: ["10", "13", "3", "25"], right: "3" },
  { skill: "chain", where: "Gears", ask: "u moves 3 times as fast as x, and y moves −2 times as fast as u. How fast does y move for each x?", options: ["1", "6", "−1.5", "−6"], right: "−6" },
  { skill: "powers", where: "Two functions you will meet every day", ask: "What is log(e²)?", options: ["0.5", "2", "e", "7.39"], right: "2" },
  { skill: "products", where: "Lists of numbers", ask: "(1, 2, 0) · (3, −1, 5) = ?", options: ["0", "1", "6", "(3, −2, 0)"], right: "1" },
  { skill: "shapes", where: "Shapes", ask: "X has shape (100, 3), W has shape (3, 2). Which shape has X @ W?", options: ["(3, 3)", "(100, 3)", "(100, 2)", "an error"], right: "(100, 2)" },
  { skill: "broadcasting", where: "A puzzle of shapes", ask: "p has shape (4, 1), y has shape (4,). Which shape has p − y?", options: ["(4,)", "(4, 1)", "(4, 4)", "an error"], right: "(4, 4)" },
  { skill: "chance", where: "Numbers by chance", ask: "You draw 10 000 numbers with mean 5 and take their mean. What will it be?", options: ["exactly 5", "close to 5", "anything from 0 to 10", "50 000"], right: "close to 5" },
  { skill: "notebook", where: "What a notebook remembers", ask: "You run a = 1 once, then a = a + 1 three times. What is a?", options: ["1", "2", "4", "an error"], right: "4" },
];

export const LECTURES = [
  { name: "L01 A neuron does two things", needs: ["products", "notebook"] },
  { name: "L02 Perceptron by hand", needs: ["products", "powers", "notebook"] },
  { name: "L03 Follow the slope", needs: ["slope", "partial", "chain"] },
  { name: "L04 Losses", needs: ["chain", "powers", "shapes"] },
  { name: "L05 What a line cannot do", needs: ["products", "chance"] },
  { name: "L06 Computation graphs", needs: ["chain", "partial"] },
  { name: "L07 Networks and matrices", needs: ["chain", "shapes", "broadcasting"] },
  { name: "L08 CPU and GPU", needs: ["shapes"] },
  { name: "L09–L11 Training", needs: ["slope", "partial", "chance"] },
  { name: "L12–L14 Regularization", needs: ["slope", "shapes", "chance"] },
  { name: "L15 Convolution", needs: ["products", "shapes"] },
  { name: "L16 PyTorch and a project", needs: ["shapes", "notebook"] },
];

// answers[i] is the option chosen for question i, or null. Each lecture with the headings to read before it.
export function ready(answers) {
  const known = new Set(QUESTIONS.filter(({ right }, i) => answers[i] === right).map(({ skill }) => skill));
  const place = (skill) => QUESTIONS.find((each) => each.skill === skill).where;
  return LECTURES.map(({ name, needs }) => ({ name, missing: needs.filter((skill) => !known.has(skill)).map(place) }));
}
