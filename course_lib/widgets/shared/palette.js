// Written from assets/palette.json by `python -m course_lib.widgets.palette`; change it there.
export default {
 "class0": "#0072B2",
 "half": "#F7F7F3",
 "class1": "#E69F00",
 "on_class0": "#FFFFFF",
 "on_class1": "#1A1A1A",
 "picture": {
  "ink": "#1A1A1A",
  "halo": "#FFFFFF"
 },
 "light": {
  "ink": "#1A1A1A",
  "quiet": "#555555",
  "paper": "#FFFFFF",
  "panel": "#F4F4F1",
  "rule": "#C9C9C4",
  "border": "#767676",
  "focus": "#0B57D0",
  "good": "#00664B",
  "wrong": "#A63A00",
  "flash": "#FFE8A3",
  "positive": "#D55E00",
  "negative": "#009E73",
  "zero": "#8A8A8A",
  "loss": "#1A1A1A"
 },
 "dark": {
  "ink": "#F0F0EC",
  "quiet": "#B9B9B3",
  "paper": "#1E1E1E",
  "panel": "#2A2A2A",
  "rule": "#4A4A47",
  "border": "#9A9A95",
  "focus": "#8AB4F8",
  "good": "#5FD3AE",
  "wrong": "#FF9B6A",
  "flash": "#5C4A12",
  "positive": "#FF8A3D",
  "negative": "#35C796",
  "zero": "#A0A0A0",
  "loss": "#F0F0EC"
 }
};
