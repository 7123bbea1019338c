// Five hues that also differ in grey (after Okabe and Ito): on the ground under paths, which is light in both themes, and on paper.
import { isDark } from "../shared/theme.js";

const HUES = { grey: ["#6B6B6B", "#ABABAB"], blue: ["#0072B2", "#56B4E9"], pink: ["#B8578F", "#E79AC6"], green: ["#00855F", "#2CC295"], orange: ["#D55E00", "#FF8A3D"] };

export const onGround = (hue) => HUES[hue][0];
export const onPaper = (hue) => HUES[hue][isDark() ? 1 : 0];
