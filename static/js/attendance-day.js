/* Attendance of one day: counts who is there, and marks one code for all who have none. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed, onArrange, sent } = window.teamhub;

  const rowsOf = (form) => $$(".day-row:has(input)", form);
  const sumUp = (form) => {
    const note = document.querySelector(`[data-day-sum="${form.id}"]`), counts = new Map();
    $$("input:checked", form).filter((input) => input.value).forEach((input) => {
      const name = input.closest("label").querySelector("small").textContent, there = note.dataset.worked.includes(input.value);
      const word = there ? "人出勤" : name;
      counts.set(word, (counts.get(word) || 0) + 1);
    });
    const present = counts.get("人出勤") || 0, rows = rowsOf(form), open = rows.length - $$("input:checked:not([value=''])", form).length;
    counts.delete("人出勤");
    const others = Array.from(counts, ([name, number]) => `${name} ${number}`);
    note.textContent = [`${present} 人出勤`, ...others, ...(open ? [`没选 ${open}`] : [])].join("，");
  };
  document.addEventListener("change", ({ target }) => {
    if (target.matches(".day-sheet input")) sumUp(target.form);
  });
  document.addEventListener("click", ({ target }) => {
    const filler = target.closest("[data-fill-day]"), refused = document.getElementById(target.closest("[data-discard]")?.dataset.discard);
    if (filler) {
      rowsOf(filler.form).filter((row) => !row.querySelector("input:checked:not([value=''])")).forEach((row) => {
        const input = row.querySelector(`input[value="${filler.dataset.fillDay}"]`);
        input.checked = true;
        changed(input);
      });
    }
    if (refused) { sent(refused); location.assign(location.pathname); }
  });
  onArrange((root) => $$(".day-sheet", root).forEach(sumUp));
})();
