// A few hidden neurons on XOR: 5000 steps, ten at a time.
import { training } from "./training.js";

export default training({ steps: 5000, stride: 10 });
