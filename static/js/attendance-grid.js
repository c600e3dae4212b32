/* The month grid of attendance: a spreadsheet for codes, with brushes for those without a keyboard. Needs teamhub.js. */
(() => {
  "use strict";
  const { $$, changed } = window.teamhub;

  const cellsOf = (grid) => $$("tbody tr", grid).map((row) => $$("td input", row)).filter((row) => row.length);
  const place = (grid, input) => {
    const rows = cellsOf(grid), y = rows.findIndex((row) => row.includes(input));
    return { rows, y, x: y < 0 ? -1 : rows[y].indexOf(input) };
  };
  const paint = (input) => { input.closest("td").dataset.code = input.value; };
  const setCode = (input, code) => {
    if (!input || input.readOnly && !("painting" in input.dataset) || input.disabled || input.value === code) return;
    input.value = code;
    paint(input);
    changed(input);
  };
  const brush = (grid) => document.querySelector(`.legend[data-for="${grid.id}"] [aria-pressed="true"]`)?.dataset.code;
  const inGrid = (event) => event.target.matches?.(".grid-attendance td input") && event.target.closest(".grid-attendance");

  document.addEventListener("keydown", (event) => {
    const grid = inGrid(event);
    if (grid && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); return grid.closest("form").requestSubmit(); }
    if (!grid || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0] }[event.key];
    // A letter given to a code in the legend (data-key) writes that code and goes on to the next day.
    const quick = $$(`.legend[data-for="${grid.id}"] [data-key]`).find((item) => item.dataset.key === event.key.toLowerCase());
    if (!move && !quick) return;
    event.preventDefault();
    const { rows, y, x } = place(grid, event.target);
    if (quick) setCode(event.target, quick.dataset.code);
    const [down, right] = move || [0, 1], next = rows[y + down]?.[x + right];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  });
  document.addEventListener("focusin", (event) => { if (inGrid(event)) event.target.select(); });
  document.addEventListener("mouseup", (event) => { if (inGrid(event)) event.preventDefault(); });
  document.addEventListener("input", (event) => { if (inGrid(event)) paint(event.target); });
  document.addEventListener("paste", (event) => {
    const grid = inGrid(event);
    const text = event.clipboardData?.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!grid || !/[\t\n]/.test(text || "")) return;
    event.preventDefault();
    const { rows, y, x } = place(grid, event.target);
    text.split("\n").forEach((line, dy) => line.split("\t").forEach((code, dx) => setCode(rows[y + dy]?.[x + dx], code.trim())));
  });
  // Everybody present is the rule: fill what is empty, then mark the exceptions.
  const fill = (grid) => $$("td input[data-usual]", grid).filter((input) => !input.value).forEach((input) => setCode(input, input.dataset.usual));
  // A code picked in the legend is a brush: each tapped cell takes it, without a keyboard on the phone.
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".legend[data-for] button[data-code]");
    if (button) {
      const legend = button.closest(".legend"), grid = document.getElementById(legend.dataset.for);
      const on = button.getAttribute("aria-pressed") !== "true";
      $$("button[data-code]", legend).forEach((other) => other.setAttribute("aria-pressed", String(other === button && on)));
      grid.classList.toggle("is-painting", on);
      $$("td input:not([readonly]), td input[data-painting]", grid).forEach((input) => {
        input.readOnly = on;
        input.toggleAttribute("data-painting", on);
      });
    }
    const filler = event.target.closest("[data-fill]"), grid = inGrid(event);
    if (filler) fill(document.getElementById(filler.dataset.fill));
    if (grid && brush(grid) !== undefined) setCode(event.target, brush(grid));
  });
})();
