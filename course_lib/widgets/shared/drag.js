// Following one pointer from press to release. `target` takes the focus, so the keys work on from there.
export function drag(nodes, onMove, target, { onStart, onEnd } = {}) {
  for (const node of nodes) {
    // A finger here drags and does not scroll the page; touch-action alone does not reach into an SVG everywhere.
    node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    node.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      target.focus({ preventScroll: true });
      node.setPointerCapture(event.pointerId);
      onStart?.(event);
      const stop = () => {
        node.removeEventListener("pointermove", onMove);
        for (const end of ENDS) node.removeEventListener(end, stop);
        onEnd?.();
      };
      node.addEventListener("pointermove", onMove);
      for (const end of ENDS) node.addEventListener(end, stop);
    });
  }
}
const ENDS = ["pointerup", "pointercancel", "lostpointercapture"];
