// Shows one student at a time: the others wait in <template>s, so that a large class opens as fast as a small one.
(() => {
  const choice = document.getElementById("who");
  const place = document.getElementById("one");
  if (!choice) return;
  const show = (name) => {
    const kept = name && document.getElementById(name);
    place.replaceChildren(...(kept ? [kept.content.cloneNode(true)] : []));
    choice.value = kept ? name : "";
    return kept && place.querySelector("h3");
  };
  choice.addEventListener("change", () => {
    show(choice.value);
    history.replaceState(null, "", choice.value ? "#" + choice.value : "#students");
  });
  const follow = () => {
    const name = location.hash.slice(1);
    if (name.startsWith("student-")) show(name)?.focus();
  };
  addEventListener("hashchange", follow);
  follow();
})();
