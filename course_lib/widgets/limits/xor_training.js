// One neuron on XOR: 600 steps, one at a time.
import { training } from "./training.js";

export default training({ steps: 600, stride: 1 });
